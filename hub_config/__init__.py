"""The Hub: its configuration, roles, spawners, and the coursewright command."""
