"""Addresses: one spelling for all spellings of an address, and ids made from what is there."""

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

import idna

from backstory_shared.text.prose import clean_line, clean_text

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
_IPV6 = re.compile(r"[0-9a-f:.]+")
_HOST = re.compile(r"[a-z0-9._-]+")
_PATH_CHARACTERS = ":@!$&'()*+,;=~"

#: Query parameters that say how a reader came, not which page it is.
_CLICK_NAMES = """
_ga _gl _hsenc _hsmi cmpid dclid fbclid gbraid gclid gclsrc guccounter guce_referrer
guce_referrer_sig igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid ncid ocid oly_anon_id
oly_enc_id rb_clickid ref_src ref_url s_cid smid soc_src soc_trk sr_share ttclid twclid vero_id
wbraid wickedid wt_mc xtor yclid
"""
_TRACKING = frozenset(_CLICK_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "hsa_")


def canonical_url(url: str) -> str:
    """The form two spellings of one address share.

    Host in lower case and ASCII (IDNA), no default port, no fragment, no tracking parameters, the
    query sorted, no slash at the end but the root's. Raises ValueError for what is no web address;
    its message does not repeat the address.
    """
    parts, port = _split(url.strip())
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("The address must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address must not contain a user name or a password.")
    host = _host(parts.hostname or "") + _port(parts.scheme, port)
    query = _query(parts.query)
    return f"{parts.scheme}://{host}{_path(parts.path)}{'?' if query else ''}{query}"


def id_from_url(canonical: str) -> str:
    """The id of an article that came without one; http and https are the same page."""
    return f"u-{_digest(canonical.partition('://')[2])}"


def id_from_content(title: str, text: str) -> str:
    """The id of an article that came with neither id nor address: the same words, the same id."""
    return f"c-{_digest(clean_line(title) + chr(10) + clean_text(text))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _split(url: str) -> tuple[SplitResult, int | None]:
    if _ODD.search(url):
        raise ValueError("The address contains spaces, backslashes or control characters.")
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise ValueError("The address cannot be read.") from None


def _host(name: str) -> str:
    if ":" in name and _IPV6.fullmatch(name):
        return f"[{name}]"
    ascii_name = name if name.isascii() else _ascii(name)
    host = ascii_name.lower().rstrip(".")
    if not _HOST.fullmatch(host) or ".." in host or len(host) > 253:
        raise ValueError("The address has no valid host.")
    return host


def _ascii(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("The address has no valid host.") from None


def _port(scheme: str, port: int | None) -> str:
    return "" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}"


def _path(path: str) -> str:
    """Percent-encoding in one spelling, dot segments resolved, no slash at the end."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(quote(unquote_to_bytes(segment), _PATH_CHARACTERS))
    return "/" + "/".join(kept).rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _tracks(pair[0])))


def _tracks(name: str) -> bool:
    lowered = name.lower()
    return lowered in _TRACKING or lowered.startswith(_TRACKING_PREFIXES)
