"""What ends the command with a sentence for its user."""


class InputError(ValueError):
    """Something that the user can put right: one sentence, and exit status 2, or 3 where frozen operations clash."""

    def __init__(self, sentence: str, status: int = 2) -> None:
        super().__init__(" ".join(sentence.split()))
        self.status = status
