"""The measures as attributes of a study, for type checkers and editors. Made from the catalogue by `make docs`."""

from __future__ import annotations

from regard.studies.table import Table


class MeasureTables:
    """Each attribute is the relation of the measure of that name. A study makes it when it is first asked for."""

    reached: Table
    """How many people did someone ever get to?"""
    kept: Table
    """How many people will act toward someone again in the next window?"""
    fans: Table
    """How many people will come back to someone again and again?"""
    new_contacts: Table
    """How many people will act toward someone for the first time in the next window?"""
    excess: Table
    """How much of what someone keeps is more than talkative people and a loud name would bring?"""
    ties: Table
    """Who acts toward whom, how long since, and will it carry on?"""
    cooling: Table
    """Which two-way ties are going cold?"""
    unanswered: Table
    """Who asked and got no answer?"""
    response: Table
    """When someone opens a conversation, how often does somebody answer?"""
    help: Table
    """Who helps whom, is thanked for it, and do they come back?"""
    helpers: Table
    """How many people did someone help, and how often were they thanked?"""
    rank: Table
    """What do platforms count about a person?"""
    activity: Table
    """Do more people act, and do more of them talk with each other?"""
    seeds: Table
    """From whom does trust start here?"""
    vouched: Table
    """How much does a person's attention count?"""
    vouched_ties: Table
    """How much does someone's attention count for the person who gets it?"""
    vouched_kept: Table
    """How many people will act toward someone again, counting those that others vouch for?"""
