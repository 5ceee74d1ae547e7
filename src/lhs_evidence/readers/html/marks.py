"""What an HTML element says of its text: part of the page's furniture, contents, or hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_SPACES = re.compile(r"\s+")
_NAVIGATION_TAGS = frozenset({"nav", "noscript", "select", "datalist", "textarea"})
_NAVIGATION_ROLES = frozenset(
    ["navigation", "search", "menu", "menubar", "toolbar", "tablist", "contentinfo", "banner"]
)
_EDGE_TAGS = frozenset({"header", "footer"})
_EDGE_ROLES = frozenset({"banner", "contentinfo"})
_CONTENTS_NAMES = frozenset(["toc", "table-of-contents", "tableofcontents", "contents-list"])
# Names that site builders give to navigation. They alone decide nothing: see `html_blocks`.
_SUSPECT_NAMES = frozenset(
    [
        "nav",
        "navbar",
        "navigation",
        "menu",
        "main-menu",
        "mainmenu",
        "main-nav",
        "site-nav",
        "breadcrumb",
        "breadcrumbs",
        "footer",
        "site-footer",
        "page-footer",
        "sidebar",
        "side-bar",
        "sidenav",
        "cookie",
        "cookies",
        "cookie-banner",
        "cookie-notice",
        "cookie-consent",
        "skip-link",
        "skiplink",
        "skip-to-content",
        "share",
        "sharing",
        "social",
        "social-media",
        "social-links",
        "pagination",
        "pager",
        "masthead",
        "topbar",
        "top-bar",
        "site-header",
        "header",
        "related",
        "related-links",
        "back-to-top",
        "search-form",
        "banner",
    ]
)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:\.0*)?(?:p[xt]|em|rem|%|;|!|$)"
    r"|opacity:0(?:\.0*)?(?:;|!|$)|text-indent:-\d{3,}|(?:left|top|right):-\d{4,}px"
    r"|clip:rect\(0[^)]*\).*position:absolute.*text-indent"
)
_WHITE = re.compile(
    r"(?:^|;)color:(?:#fff(?:fff)?\b|white\b|rgba?\(255,255,255|rgba\([^)]*,0(?:\.0*)?\)|transparent)"
)
_FILL = re.compile(r"(?:^|;)background(?:-color|-image)?:(?!none|transparent|#fff\b|#ffffff|white)")
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_BLOCK = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"^([a-z0-9]*)([.#][\w-]+)$", re.IGNORECASE)
_SHOWING = re.compile(r"(?:^|;)(?:display:(?!none)|visibility:visible)")


@dataclass(slots=True)
class HiddenNames:
    """Classes and ids that the page's own style sheets hide altogether (`.x { display: none }`).

    Each comes with the tag it is said of, empty where it holds for any.
    """

    names: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, sheet: str) -> None:
        """Take up a style sheet's simple rules; those for print or small screens do not count.

        A later rule that shows a name again takes it back.
        """
        plain = _AT_BLOCK.sub(" ", _COMMENTS.sub(" ", sheet))
        for selectors, body in _RULE.findall(plain):
            rule = _squeeze(body)
            hides = _HIDING.search(rule) is not None
            if not hides and not _SHOWING.search(rule):
                continue
            for selector in selectors.split(","):
                match = _SIMPLE_SELECTOR.match(selector.strip())
                if match and hides:
                    self.names.add((match[1].lower(), match[2]))
                elif match:
                    self.names.discard((match[1].lower(), match[2]))

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element is one of them, and its own style does not show it all the same."""
        if not self.names or _SHOWING.search(_squeeze(attributes.get("style", ""))):
            return False
        own = [f".{name}" for name in attributes.get("class", "").split()]
        if "id" in attributes:
            own.append(f"#{attributes['id']}")
        return any((kind, name) in self.names for name in own for kind in ("", tag))


def is_hidden(attributes: Mapping[str, str], *, on_fill: bool) -> bool:
    """Whether an element's own attributes keep its text from every reader.

    White text counts as hidden unless something gives it a background.
    """
    if "hidden" in attributes and attributes["hidden"].lower() != "until-found":
        return True
    style = _squeeze(attributes.get("style", ""))
    if style and _HIDING.search(style):
        return True
    color = attributes.get("color", "").lower()
    white = color in ("white", "#fff", "#ffffff") or bool(style and _WHITE.search(style))
    return white and not on_fill and not has_fill(attributes)


def has_fill(attributes: Mapping[str, str]) -> bool:
    """Whether an element brings a background of its own, as far as its attributes say."""
    if attributes.get("bgcolor", "#ffffff").lower() not in ("#ffffff", "#fff", "white"):
        return True
    return bool(_FILL.search(_squeeze(attributes.get("style", ""))))


def is_navigation(tag: str, attributes: Mapping[str, str], *, in_main: bool) -> bool:
    """Whether an element is navigation or an edge of the page by its tag or landmark role."""
    role = attributes.get("role", "").lower()
    if tag in _NAVIGATION_TAGS or (role in _NAVIGATION_ROLES and role not in _EDGE_ROLES):
        return True
    # An article has a header and footer too; those belong to the text.
    return (tag in _EDGE_TAGS or role in _EDGE_ROLES) and not in_main


def is_contents(attributes: Mapping[str, str]) -> bool:
    """Whether an element calls itself a table of contents."""
    return not _CONTENTS_NAMES.isdisjoint(_names(attributes)) or (
        attributes.get("role", "").lower() == "doc-toc"
    )


def is_main(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element is the main part of its page, or an article."""
    return tag in ("main", "article") or attributes.get("role", "").lower() in ("main", "article")


def is_suspect(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element might be furniture, to be decided by what is in it."""
    return tag == "aside" or not _SUSPECT_NAMES.isdisjoint(_names(attributes))


def _names(attributes: Mapping[str, str]) -> set[str]:
    joined = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
    return {name.replace("_", "-") for name in joined.split()}


def _squeeze(style: str) -> str:
    return _SPACES.sub("", style.lower())
