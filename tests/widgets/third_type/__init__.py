"""A type that the product does not have, declared as one is: this folder and nothing else."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints

from licenses.entitlements import Feature
from widgets.types.base import Connection, CredentialKind, FrameSources, Look, Section, option
from widgets.types.common import CommonConfiguration, Name
from widgets.types.declaration import WidgetType
from widgets.types.languages import EntryLanguage, entry_language


class Answer(Section):
    text: Name = option("", "Answer", min_length=1)
    icon: Name = option("", "Icon", control="icon", examples=["sun", "lucide:moon"])
    language: EntryLanguage = entry_language()


class Poll(Section):
    question: Name = option("Tea or coffee?", "Question", min_length=1, translate=True)
    stars: int = option(5, "Stars", control="range", ge=1, le=10)


class PollConfiguration(CommonConfiguration):
    poll: Poll = option(Poll, "Poll")
    answers: list[Answer] = option(list, "Answers", control="rows", max_length=4)


class PollConnection(Connection):
    box: Annotated[str, StringConstraints(max_length=40)] = option("", "Ballot box")

    def problems(self) -> list[str]:
        return [] if self.box else ["Enter the ballot box under Connection."]


def frame_config(configuration: PollConfiguration, connection: PollConnection) -> dict[str, Any]:
    poll = configuration.poll
    return {
        "title": poll.question,
        "stars": poll.stars,
        "answers": [answer.text for answer in configuration.answers],
    }


TYPE = WidgetType(
    id="poll",
    label="Poll",
    description="Visitors vote.",
    feature=Feature.N8N,
    configuration=PollConfiguration,
    connection=PollConnection,
    credentials=(CredentialKind("ballot_key", "Ballot key"),),
    frame_config=frame_config,
    frame_sources=lambda connection: FrameSources(),
    api={},
    looks=(Look("Plain", {"launcher": {"color": "#333333", "ink": "#ffffff"}}),),
    refused=lambda configuration: {"poll.question": "Too rude."} if configuration.poll.question == "Rude?" else {},
    frame_script=Path(__file__).parent / "poll.js",
    preview_note="Nobody votes here",
)
