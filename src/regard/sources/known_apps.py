"""Apps that exports show as people: the one list of their names, by platform.

Source: written by hand in November 2026 from the services' own documentation and from lists that public tools keep to leave bots out
(tools that watch reviews and licence agreements on GitHub; CNCF's devstats). Names that people use for themselves are not in it, so the
list misses apps: `--bot NAME` and `regard people bot` say what it does not know.
"""

from __future__ import annotations

from typing import Final

GITHUB: Final = frozenset(
    {
        # Builds, coverage, dependencies, deployment.
        *(
            "allcontributors",
            "changeset-bot",
            "codecov",
            "codecov-commenter",
            "codecov-io",
            "codspeed-hq",
            "coveralls",
            "deepsource-autofix",
        ),
        *("deepsource-io", "dependabot", "dependabot-preview", "depfu", "gitguardian", "github-actions", "github-advanced-security"),
        *("greenkeeper", "imgbot", "k8s-ci-robot", "mend-bolt-for-github", "mergify", "netlify", "openshift-ci", "openshift-ci-robot"),
        *("openshift-merge-robot", "pre-commit-ci", "pytorchbot", "pytorchmergebot", "renovate", "renovate-bot", "rust-highfive"),
        *("rust-timer", "rustbot", "semantic-release-bot", "snyk-bot", "socket-security", "sonarcloud", "sonarqubecloud", "stale"),
        *("tensorflower-gardener", "vercel", "whitesource-bolt"),
        # Reviews.
        *("bors", "coderabbitai", "codiumai-pr-agent-free", "copilot", "copilot-pull-request-reviewer", "copilot-swe-agent"),
        *("devin-ai-integration", "ellipsis-dev", "gemini-code-assist", "google-labs-jules", "greptile-apps", "hound", "houndci-bot"),
        *("qodo-merge-pro", "sourcery-ai", "chatgpt-codex-connector"),
        # Licence agreements.
        *("cla-assistant", "cla-bot", "claassistant", "facebook-github-bot", "google-cla", "googlebot", "linux-foundation-easycla"),
        *("microsoft-github-policy-service", "msftclas", "python-cla-bot", "salesforce-cla", "the-knights-who-say-ni"),
        # Projects' own.
        *("bedevere-bot", "miss-islington", "homu"),
    }
)
"""Logins in small letters. GraphQL gives an app's login without the "[bot]" that it has elsewhere."""

SLACK: Final = frozenset(
    {
        *("appveyor", "asana", "atlassian", "bitbucket", "buildbot", "buildkite", "circleci", "datadog", "deploybot", "geekbot", "giphy"),
        *("github", "gitlab", "googlecalendar", "googledrive", "grafana", "heroku", "hubot", "ifttt", "jenkins", "jenkinsci", "jira"),
        *("jiracloud", "newrelic", "opsgenie", "outlookcalendar", "pagerduty", "pingdom", "simplepoll", "standuply", "statuspage"),
        *("teamcity", "travis", "travisci", "trello", "zapier"),
    }
)
"""Names of Slack's apps and of builds, in small letters without spaces and hyphens, as they stand in a workspace's list of users."""


def is_github_app(login: str) -> bool:
    """Whether a login is that of an app.

    >>> is_github_app("ci[bot]"), is_github_app("Copilot"), is_github_app("ann")
    (True, True, False)
    """
    name = login.lower()
    return name.endswith("[bot]") or name in GITHUB


def is_slack_app(*names: str | None) -> bool:
    """Whether a user of Slack is an app, by all names that it has: a person may be called jenkins too.

    >>> is_slack_app("jenkins", None), is_slack_app("buildbot", "Build Bot"), is_slack_app("jenkins", "Ann Jenkins")
    (True, True, False)
    """
    folded = {"".join(name.lower().replace("-", " ").split()) for name in names if name is not None}
    return bool(folded) and folded <= SLACK
