"""Makes content: today the courses that ship with Coursewright."""
