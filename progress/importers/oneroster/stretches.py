"""How rows of enrollments.csv change the stored stretches of days in classes, as pure functions on frames.

A beginning can change only while it lies ahead, and an end that has passed stays. So no roster changes a class's past.
"""

import polars as pl

KEY = ["class_id", "user_id"]


def begins_anew() -> pl.Expr:
    """Whether a stretch has begun but now begins in the future according to the roster."""
    return ~pl.col("is_over") & (pl.col("begins_on") > pl.col("today")) & (pl.col("was_joined_on") <= pl.col("today"))


def matched_rows(own: pl.DataFrame, current: pl.DataFrame, in_scope: pl.Series, listed: pl.Series) -> pl.DataFrame:
    """Rows matched with the stretch that they are about: `id`, `was_joined_on`, `was_left_on`; one row each at most.

    They match by the row's id (`listed` are all ids in the file). Stretches made here, and those of rows that a bulk
    file no longer contains, match by class and person.
    """
    was = {"was_joined_on": pl.col("joined_on"), "was_left_on": pl.col("left_on")}
    by_id = own.join(
        current.unique(["external_id", *KEY], keep="last").select("id", "external_id", *KEY, **was),
        on=["external_id", *KEY],
        maintain_order="left",
    )
    is_listed = pl.col("external_id").is_in(listed.implode())
    free = current.join(by_id, on="id", how="anti").filter(
        pl.col("external_id").is_null() | (pl.col("class_id").is_in(in_scope.implode()) & ~is_listed)
    )
    place = pl.int_range(pl.len()).over(KEY).alias("place")
    others = own.join(by_id, on="line", how="anti").with_columns(place)
    by_pair = others.join(
        free.with_columns(place).select("id", *KEY, "place", **was), on=[*KEY, "place"], maintain_order="left"
    )
    return pl.concat([by_id, by_pair.drop("place")])


def kept_stretches(matched: pl.DataFrame) -> pl.DataFrame:
    """The matched stretches as they should be now."""
    ahead = pl.col("was_joined_on") > pl.col("today")
    begins = pl.max_horizontal(pl.coalesce("begins_on", "first_day"), "today")
    joined_on = pl.when(ahead & ~pl.col("is_over")).then(begins).otherwise("was_joined_on")
    left_on = pl.when(begins_anew()).then("today").otherwise("left_on")
    dated = matched.with_columns(joined_on=joined_on, left_on=left_on)
    return dated.with_columns(left_on=not_before("joined_on"))


def closed_stretches(
    rows: pl.DataFrame, role: str, others: pl.DataFrame, in_scope: pl.Series, refused: pl.DataFrame
) -> pl.DataFrame:
    """The unmatched stretches that end today: their row is about something else now, or missing from a bulk file.

    A refused row (external_id, KEY) still counts as present: a fault in it must not end the stretch that it confirms.
    """
    in_file = rows.select("line", external_id="external_id").unique("external_id")
    elsewhere = rows.filter(pl.col("role") != role).select(KEY).unique().with_columns(is_elsewhere=pl.lit(True))
    is_refused = pl.col("external_id").is_in(refused["external_id"].drop_nulls().implode()).fill_null(False)
    is_gone = pl.col("class_id").is_in(in_scope.implode()) & ~is_refused & ~pl.col("is_listed").fill_null(False)
    is_made_here = pl.col("external_id").is_null() & pl.col("is_elsewhere").fill_null(False)
    found = (
        others.join(in_file, on="external_id", how="left", maintain_order="left")
        .join(elsewhere, on=KEY, how="left", maintain_order="left")
        .join(refused.select(*KEY, is_listed=pl.lit(True)).unique(), on=KEY, how="left", maintain_order="left")
        .filter(pl.col("line").is_not_null() | is_gone | is_made_here)
    )
    return found.with_columns(left_on="today").with_columns(left_on=not_before("joined_on"))


def new_stretches(
    rows: pl.DataFrame, past: pl.DataFrame, left: pl.DataFrame, closed: pl.DataFrame, known: pl.Series
) -> pl.DataFrame:
    """New stretches for rows without a stored one, with `joined_on`.

    Without a date, people are in a class that is new in this import from its first day, and in a known class from
    today. Nobody is in two classes at a time: whoever left a class of the course (`left`), or another class by the same
    row (`closed`), begins after that, whatever date the roster carried over. Ends of unknown stretches are left out.
    """
    before = past.group_by(KEY).agg(was_here_until=pl.col("left_on").max())
    in_course = left.group_by("user_id", "course_id").agg(in_course_until=pl.col("left_on").max())
    by_row = closed.drop_nulls("external_id").group_by("external_id").agg(by_row_until=pl.col("left_on").max())
    dated = (
        rows.join(before, on=KEY, how="left", maintain_order="left")
        .join(in_course, on=["user_id", "course_id"], how="left", maintain_order="left")
        .join(by_row, on="external_id", how="left", maintain_order="left")
    )
    is_back = pl.col("was_here_until").is_not_null()
    begins = pl.coalesce("begins_on", _begins_without_date(known))
    back_on = pl.when(pl.col("begins_on") > pl.col("was_here_until")).then("begins_on").otherwise("today")
    joined_on = pl.when(is_back).then(pl.max_horizontal(back_on, begins)).otherwise(begins)
    standing = dated.filter(~pl.col("is_over")).with_columns(
        joined_on=pl.max_horizontal(joined_on, "in_course_until", "by_row_until")
    )
    is_dated = pl.col("begins_on").is_not_null() | ~pl.col("class_id").is_in(known.implode())
    history = dated.filter(pl.col("is_over") & pl.col("is_history") & ~is_back & is_dated)
    over = history.with_columns(
        joined_on=pl.min_horizontal(pl.coalesce("begins_on", "first_day", "left_on"), "left_on")
    )
    return pl.concat([standing, over]).with_columns(left_on=not_before("joined_on"))


def _begins_without_date(known: pl.Series) -> pl.Expr:
    later = pl.max_horizontal("first_day", "today")
    return pl.when(pl.col("class_id").is_in(known.implode())).then(later).otherwise(pl.coalesce("first_day", "today"))


def not_before(day: str) -> pl.Expr:
    """`left_on`, but not before the day on which the stretch begins."""
    return pl.when(pl.col("left_on").is_not_null()).then(pl.max_horizontal("left_on", day))
