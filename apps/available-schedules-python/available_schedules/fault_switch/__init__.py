"""Failing on purpose, exactly as told: ../contract/fault-switch.yaml."""
