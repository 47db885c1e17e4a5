"""The public records on which Regard is evaluated: the name of each, and its path in the data folder."""

SETS = {
    "collegemsg": "collegemsg/CollegeMsg.txt.gz",
    "manufacturing": "manufacturing-email/communication.csv",
    "digg-reply": "konect-digg-reply/out.munmun_digg_reply",
    "higgs": "higgs-twitter/higgs-activity_time.txt.gz",
    "SE quantum": "stackexchange-quantum",
    "SE french-meta": "stackexchange-french-meta",
    "delvingbitcoin": "discourse-delvingbitcoin/posts.jsonl.gz",
    "10academy": "slack-10academy-notext/slack-10academy-notext-slack-export.zip",
    "mapnik": "mailinglist-mapnik",
    "ietf tls-esni": "ietf-github-tls-esni/archive.json.gz",
    "houston": "slack-houstondatavis",
}


def table_without(table: str, name: str) -> str:
    """The file name of a table of coefficients that was learned from all sets but one.

    >>> table_without("table.json", "SE quantum")
    'table-without-SE-quantum.json'
    """
    return f"{table.removesuffix('.json')}-without-{name.replace(' ', '-')}.json"
