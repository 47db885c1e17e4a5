"""Ties: who acts toward whom, how long since, is it still alive, and will it carry on?

Only active bins count, so a thousand messages in one bin are one. Whether a tie is alive comes from the alive model, which sees nothing but
the pair's active bins. Whether it carries on comes from the return model, which sees more (see pair_model.py).

Reactions and shares count as acts, and words are told apart. p_words(u, v) = p_return(u, v) q for who ever wrote to v, and 0 for others.
q is a share of this record's last window: of all pairs that had written before it and acted in it, those that wrote in it. One pair that
wrote is added, so that q is 1 where nothing is known.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.pairs.alive import FAN_BINS, same_state
from regard.measures.pairs.features import pairs_joined
from regard.measures.pairs.scoring import RECEIVER_TERMS, SENDER_TERMS, linear_predictor, probability
from regard.measures.pairs.snapshots import NOW, WINDOW_AGO

TIES = Measure(
    name="ties",
    question="Who acts toward whom, how long since, and will it carry on?",
    row="one ordered pair: actor acted toward target at least once",
    key=("actor", "target"),
    columns=(
        Column("actor", "person", "who acts"),
        Column("target", "person", "toward whom"),
        Column("acts", "acts", "how often"),
        Column("words", "acts", "how often by words: a reply, mention, message or thanks"),
        Column("bins", "bins", "in how many different bins"),
        Column("first", "time, UTC", "the first act"),
        Column("last", "time, UTC", "the last act"),
        Column("p_alive", "0 to 1", "the chance that actor is still able to act toward target"),
        Column("p_return", "0 to 1", "the chance that actor acts toward target within the next window"),
        Column("p_words", "0 to 1", "the chance that actor, who wrote before, writes to target again within it; 0 for who never wrote"),
        Column("p_return_alive", "0 to 1", "p_return as the alive model alone says it, from nothing but the pair's active bins"),
        Column("p_fan", "0 to 1", f"the chance that actor acts toward target in {FAN_BINS} or more different bins of the next window"),
        Column("p_alive_before", "0 to 1", "p_alive as it stood one window ago; missing for a tie younger than that"),
        Column("two_way", "yes or no", "whether target ever acted toward actor"),
        Column("acts_back", "acts", "how often target acted toward actor"),
        Column("gap_bins", "bins", "the usual distance between active bins; missing for a tie of one bin"),
        Column("silent_bins", "bins", "bins since the last act"),
    ),
    parts=(
        SENDER_TERMS,
        RECEIVER_TERMS,
        Step(
            "words_share",
            f"""
            SELECT (count(*) FILTER (p.words_age < $window_bins) + 1.0) / (count(*) + 1.0) AS share
            FROM {WINDOW_AGO.pairs.name} o JOIN pairs p ON p.actor = o.actor AND p.target = o.target
            WHERE o.words > 0 AND p.last_age < $window_bins
            """,
        ),
        Step(
            "ties",
            f"""
            SELECT t.actor, t.target, t.acts, t.words, t.bins, t.first, t.last, t.p_alive,
                round({probability("t.predictor")}, 9) AS p_return,
                round({probability("t.predictor")} * CASE WHEN t.words > 0 THEN s.share ELSE 0 END, 9) AS p_words, t.p_return_alive,
                round({probability("t.predictor")} * CASE WHEN t.p_return_alive > 0 THEN t.p_return_3 / t.p_return_alive ELSE 0 END, 9)
                    AS p_fan,
                o.p_alive AS p_alive_before, t.two_way, t.acts_back, t.gap_bins, t.silent_bins
            FROM (
                SELECT p.actor, p.target, p.acts, p.words, p.bins, p.first, p.last, a.p_alive, a.p_return AS p_return_alive, a.p_return_3,
                    r.actor IS NOT NULL AS two_way, coalesce(r.acts, 0) AS acts_back,
                    CASE WHEN p.bins > 1 THEN CAST(p.first_age - p.last_age AS DOUBLE) / (p.bins - 1) END AS gap_bins,
                    p.last_age AS silent_bins, {linear_predictor()} AS predictor
                FROM {pairs_joined(NOW)} JOIN sender_terms u ON u.person = p.actor JOIN receiver_terms v ON v.person = p.target
                    CROSS JOIN pair_model m) t
            CROSS JOIN words_share s
            LEFT JOIN (
                SELECT p.actor, p.target, s.p_alive FROM {WINDOW_AGO.pairs.name} p JOIN pair_states s ON {same_state("s", "p")}) o
                ON o.actor = t.actor AND o.target = t.target
            """,
        ),
    ),
    needs=("pair_model",),
    cannot="what was said outside this record, or whether silence is distance or a holiday",
    source="the alive model is a relative of BG/BB: Fader, Hardie, Shang 2010",
    dropped=("sender_terms", "receiver_terms", "words_share"),
    consumes=("pair_states", "sender_states", "senders", "receivers", WINDOW_AGO.pairs.name),
)
