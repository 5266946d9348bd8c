// Package faultswitch is failing on purpose, exactly as told: ../contract/fault-switch.yaml.
package faultswitch
