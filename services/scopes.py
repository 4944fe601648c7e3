"""The scopes of the course service, as data; hub_config/roles.py gives them to roles.

They say what a sign-in may do at all. In which course, the course's membership says (records).
"""

from __future__ import annotations

PREFIX = "custom:coursewright:"

LEARN = f"{PREFIX}learn"
TEACH = f"{PREFIX}teach"
AUTHOR = f"{PREFIX}author"
ADMIN = f"{PREFIX}admin"

SCOPES = {
    LEARN: "Join courses, open lessons, hand in work and read one's own scores",
    TEACH: "See the work and the scores of the courses that one teaches",
    AUTHOR: "Ask for new courses and publish them",
    ADMIN: "See and manage every course",
}

# Roles in a course that may see the work of others.
STAFF = ("assistant", "instructor")

# Groups at the Hub whose people get roles by it (hub_config/roles.py).
ADMINISTRATORS, AUTHORS = "coursewright-admins", "coursewright-authors"

# Rights at the Hub that an administrator's sign-in at the course service carries on, so that the
# pages for administrators act as that very person. Whoever does not hold them gets none of them.
HUB_POWERS = ("admin-ui", "list:users", "admin:users", "admin:servers", "groups")
