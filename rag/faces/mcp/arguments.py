"""What the tools of the MCP server take, typed and documented for the model that calls them."""

from typing import Annotated

from pydantic import BaseModel, Field

# A conversation is leaned on only so far back.
_MOST_TURNS = 20


class Turn(BaseModel):
    """A question that was asked before, and what was answered."""

    question: str
    answer: str = Field(default="", description="The answer's sentences, in their order.")


Question = Annotated[str, Field(description="A question in words, in one sentence or a few.")]
Sources = Annotated[
    tuple[str, ...],
    Field(description="Only these articles, by `source` (path in the corpus). Empty: any."),
]
Publishers = Annotated[
    tuple[str, ...], Field(description="Only articles of these publishers. Empty: any.")
]
Earliest = Annotated[
    str | None, Field(description="Published on or after: 2023, 2023-05 or 2023-05-17.")
]
Latest = Annotated[str | None, Field(description="Published on or before.")]
Count = Annotated[int, Field(ge=1, le=100, description="How many passages at the most.")]
History = Annotated[
    tuple[Turn, ...],
    Field(
        max_length=_MOST_TURNS,
        description="What was asked and answered before, oldest first, where the question leans on it.",
    ),
]
Extract = Annotated[
    bool, Field(description="Answer in the articles' own sentences, also where a model could write.")
]
CitedSource = Annotated[str, Field(description="`source` of a citation or passage, unchanged.")]
CitedHash = Annotated[str, Field(description="`sha256` of the same.")]
CitedStart = Annotated[int, Field(ge=0, description="`start` of the same.")]
CitedEnd = Annotated[int, Field(ge=1, description="`end` of the same.")]
CitedQuote = Annotated[
    str, Field(min_length=1, description="`quote` of the citation or `text` of the passage, unchanged.")
]
