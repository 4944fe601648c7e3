"""The `coursewright` command: each verb loads only what it needs."""

from __future__ import annotations

import sys

from traitlets.config import Application

from coursewright.records.errors import CoursewrightError

# Named and not imported, so that `coursewright grade` never loads JupyterHub.
VERBS = {
    "up": (
        "coursewright.hub_config.up.UpApp",
        "Start everything on this machine: database, Hub, course service, workers",
    ),
    "first-admin": (
        "coursewright.hub_config.first_admin.FirstAdminApp",
        "Print the link that sets the first administrator's password, in a cluster",
    ),
    "publish": (
        "coursewright.hub_config.publish.PublishApp",
        "Publish a course from its folder of source notebooks",
    ),
    "generate": (
        "coursewright.generator.commands.GenerateApp",
        "Make a course from a request: a topic, an audience, a number of lessons",
    ),
    "revise": (
        "coursewright.generator.revise.ReviseApp",
        "Change one thing in a course, as a draft: an exercise anew, easier, in another language",
    ),
    "check": (
        "coursewright.generator.check.CheckApp",
        "Try a course's exercises, quizzes and lessons: do the tests hold what they promise?",
    ),
    "doctor": (
        "coursewright.generator.doctor.DoctorApp",
        "Look whether this machine has all that is needed; --llm: what the model can do",
    ),
    "import": (
        "coursewright.hub_config.import_nbgrader.ImportApp",
        "Bring in a course of another system: coursewright import nbgrader DIR",
    ),
    "grade": (
        "coursewright.grader.commands.GradeApp",
        "Grade notebooks from the command line, without Hub or database",
    ),
    "regrade": (
        "coursewright.hub_config.regrade.RegradeApp",
        "Grade again what was handed in, show the difference, apply it",
    ),
    "worker": (
        "coursewright.hub_config.worker.WorkerApp",
        "Work off the queue: coursewright worker grade | generate",
    ),
    "sandboxes": (
        "coursewright.grader.sandboxes.SandboxesApp",
        "Build a grading worker's sandboxes, as a user without any secret",
    ),
    "service": (
        "coursewright.services.app.ServiceApp",
        "Run the course service (the Hub starts it)",
    ),
    "capacity": (
        "coursewright.hub_config.capacity.CapacityApp",
        "Keep room warm in the cluster for the classes of the course calendar",
    ),
    "xapi": (
        "coursewright.services.xapi_command.XapiApp",
        "Tell what learners did as xAPI statements: --to FILE, or --send to a store",
    ),
    "db": (
        "coursewright.records.commands.DatabaseApp",
        "Look after the database: coursewright db upgrade | check",
    ),
}


class Coursewright(Application):
    """Courses as notebooks: proven before anyone sees them, graded so that no code can cheat."""

    name = "coursewright"
    description = __doc__ or ""
    subcommands = VERBS
    examples = """
        coursewright up                       # start everything, open the browser
        coursewright up --port 9000           # elsewhere
        coursewright publish my-course/       # a folder with course.json and its notebooks
        coursewright grade --source ps1.ipynb submitted/*.ipynb
    """

    def start(self) -> None:
        super().start()
        if self.subapp is None:
            self.print_help()
            self.exit(2)


def main() -> None:
    """Run the command; what we foresaw is told in its own words, without a traceback."""
    try:
        Coursewright.launch_instance()
    except CoursewrightError as error:
        sys.exit(f"coursewright: {error}")


if __name__ == "__main__":
    main()
