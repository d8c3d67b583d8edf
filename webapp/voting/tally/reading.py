"""What a choice string says, family by family; a blank says nothing."""


def numbers(choice: str) -> list[int]:
    """The options of `1+4`, ascending."""
    return [int(number) for number in choice.split("+")] if choice else []


def answers(choice: str) -> dict[int, str]:
    """What `1:y 2:m` or `1:5 3:2` says of each option that it names."""
    parts = (part.partition(":") for part in choice.split())
    return {int(number): said for number, _colon, said in parts}


def points(choice: str) -> dict[int, int]:
    """The scores or dots of `1:5 3:2`; an option that is missing has none."""
    return {number: int(said) for number, said in answers(choice).items()}


def tiers(choice: str) -> list[list[int]]:
    """The ranks of `3>1=2` from the top, each with its options."""
    return (
        [[int(number) for number in tier.split("=")] for tier in choice.split(">")]
        if choice
        else []
    )


def ranking(choice: str) -> tuple[int, ...]:
    """The options of `3>1>2` from the top."""
    return tuple(map(int, choice.split(">"))) if choice else ()
