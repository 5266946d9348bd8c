"""The free slots of a clinic's professional: version 1 of the contract in ../contract/openapi.yaml."""
