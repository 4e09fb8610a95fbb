"""Guardians from agentSourcedIds, whether the student's row names the guardian or the guardian's row the student."""

from datetime import datetime

import polars as pl
from sqlalchemy import select

from data.bulk import matches_any, rows_where
from data.models import Guardian, User
from data.record import Transaction
from data.source_rows import Tally, stored_rows, write_rows
from progress.audit.imports import note_guardians
from progress.importers.oneroster.roles import roles_now_or_ahead
from progress.importers.oneroster.standard import GUARDIAN_ROLES
from progress.importers.oneroster.storing import known_ids, outcomes, tally_of
from progress.importers.oneroster.table import Table, ids_of
from progress.importers.oneroster.values import TIME

_KEY = ["guardian_id", "learner_id"]


def leave_out_unknown_agents(tx: Transaction, users: Table) -> None:
    """Refuse users who name themselves; leave out links to unknown agents."""
    users.refuse(pl.col("agentSourcedIds").list.contains(pl.col("sourcedId")), "agentSourcedIds names the user itself")
    known = known_ids(tx, User, users.rows["agentSourcedIds"].explode())["external_id"]
    height = -1
    while height != users.rows.height:
        height = users.rows.height
        users.leave_out_unknown("agentSourcedIds", pl.concat([ids_of(users), known]))


def store_guardians(
    tx: Transaction, users: Table, ids: pl.DataFrame, relationships: pl.DataFrame, now: datetime
) -> Tally:
    """Link guardians and children, and end links that a student's row no longer names.

    `relationships` has (user_id, named): the roster's own word for each person's role. A link to a guardian who is not
    from the roster was made by a person here, and stays.
    """
    present = users.rows.join(ids, on="line", maintain_order="left").rename({"id": "user_id"})
    named = _named_pairs(tx, present.filter(~pl.col("is_ended")))
    _report_unlinked_agents(users, named)
    pairs = named.filter(pl.col("is_link")).unique(_KEY, keep="first", maintain_order=True)
    words = relationships.filter(pl.col("named").is_in(GUARDIAN_ROLES)).unique("user_id", keep="first")
    linked = pairs.join(words.rename({"user_id": "guardian_id"}), on="guardian_id", how="left", maintain_order="left")
    wanted = linked.select(*_KEY, relationship=pl.col("named").fill_null("guardian"), ended_at=pl.lit(None, TIME))
    stored = _links(tx, present["user_id"])
    ended = _no_longer_named(tx, users, present, stored.join(pairs, on=_KEY, how="anti"))
    gone = ended.select(*_KEY, "relationship", ended_at=pl.lit(now, TIME))
    written = write_rows(tx, Guardian, pl.concat([wanted, gone]), stored, _KEY, only_new=["relationship"])
    results = outcomes(written, stored, _KEY, {})
    note_guardians(tx, results)
    _report(users, present, results)
    return tally_of(results)


def _named_pairs(tx: Transaction, rows: pl.DataFrame) -> pl.DataFrame:
    """Each agent that a row names: line, agent, guardian_id, learner_id; `is_link` if they are guardian and child."""
    agents = rows.select("line", "user_id", agent="agentSourcedIds").explode("agent").drop_nulls("agent")
    ids = known_ids(tx, User, agents["agent"]).select(agent="external_id", agent_id="id")
    pairs = agents.join(ids, on="agent", maintain_order="left")
    roles = roles_now_or_ahead(tx, pl.concat([pairs["user_id"], pairs["agent_id"]]))
    children, guardians = (roles.filter(pl.col("role") == role)["user_id"].implode() for role in ("student", "parent"))
    user, agent = pl.col("user_id"), pl.col("agent_id")
    names_guardian = user.is_in(children) & agent.is_in(guardians)
    names_child = ~names_guardian & user.is_in(guardians) & agent.is_in(children)
    return pairs.select(
        "line",
        "agent",
        guardian_id=pl.when(names_child).then(user).otherwise(agent),
        learner_id=pl.when(names_child).then(agent).otherwise(user),
        is_link=names_guardian | names_child,
    )


def _no_longer_named(tx: Transaction, users: Table, present: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The other links that end: the guardian left, or the student's row lists guardians without this one.

    An empty list in a delta file says nothing: some rosters name the child in the guardian's row instead.
    """
    standing = others.filter(pl.col("ended_at").is_null())
    leavers = present.filter(pl.col("is_ended")).select(guardian_id="user_id")
    speaks = ~pl.col("is_ended") & ((pl.col("agentSourcedIds").list.len() > 0) | (not users.is_delta))
    children = present.filter(speaks).select(learner_id="user_id")
    of_roster = select(User.id).where(matches_any(tx, User.id, standing["guardian_id"]), User.external_id.is_not(None))
    known = rows_where(tx, of_roster, {"guardian_id": pl.Int64})
    unnamed = standing.join(children, on="learner_id", how="semi").join(known, on="guardian_id", how="semi")
    return pl.concat([standing.join(leavers, on="guardian_id", how="semi"), unnamed]).unique(_KEY)


def _links(tx: Transaction, user_ids: pl.Series) -> pl.DataFrame:
    of_guardian = matches_any(tx, Guardian.guardian_id, user_ids)
    return stored_rows(tx, Guardian, of_guardian | matches_any(tx, Guardian.learner_id, user_ids))


def _report_unlinked_agents(users: Table, named: pl.DataFrame) -> None:
    reason = pl.format("agent “{}” is no guardian here and was not linked", "agent")
    users.report(named.filter(~pl.col("is_link")).select("line", outcome=pl.lit("unchanged"), reason=reason))


def _report(users: Table, present: pl.DataFrame, results: pl.DataFrame) -> None:
    """Report changed links on the child's line, or on the guardian's if only that one is in the file."""
    lines = present.select("line", "user_id")
    changed = results.filter(pl.col("outcome") != "unchanged")
    of_child = changed.join(lines, left_on="learner_id", right_on="user_id")
    others = changed.join(of_child, on=_KEY, how="anti").join(lines, left_on="guardian_id", right_on="user_id")
    word = (
        pl.when(pl.col("outcome") == "ended").then(pl.lit("guardian's link ended")).otherwise(pl.lit("guardian linked"))
    )
    both = pl.concat([of_child.select("line", reason=word), others.select("line", reason=word)])
    users.report(both.select("line", outcome=pl.lit("updated"), reason="reason"))
