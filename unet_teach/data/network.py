"""Is there a network? Asked once per process, and never for longer than the deadline.

A hospital's proxy may drop packets without a word, and looking up a name may hang where no timeout of `requests`
reaches. So the one attempt runs in a thread of its own, and whoever asks waits for `DEADLINE` seconds at most.
"""

import os
import queue
import threading

import requests

DEADLINE = 5.0  # seconds, everything included

_asking = threading.Lock()
_verdict: list[str | None] = []  # empty until asked; then what is wrong, or None


def network_problem(url: str) -> str | None:
    """Say what keeps this process from reaching `url`, or None; only the first call touches the network.

    Any answer counts, also an error page: the download that follows will say what is wrong with it.
    """
    with _asking:
        if not _verdict:
            answer: queue.Queue[str | None] = queue.Queue()
            threading.Thread(target=lambda: answer.put(_attempt(url)), daemon=True).start()
            try:
                _verdict.append(answer.get(timeout=DEADLINE))
            except queue.Empty:
                _verdict.append(f"no network (no answer within {DEADLINE:g} s)")
        return _verdict[0]


def network_is_lost(reason: str) -> None:
    """Remember that a connection broke, so that the next set does not wait for it again."""
    _verdict[:] = [reason]


def explain(error: requests.RequestException) -> str:
    """Put an error of `requests` into words without addresses, which differ from machine to machine."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, requests.exceptions.SSLError):
        return (
            "no network (the server's certificate is not trusted; where a proxy reads along, "
            "REQUESTS_CA_BUNDLE must name its certificate)"
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "truncated: the download broke off"
    if isinstance(error, requests.exceptions.ProxyError):
        return "no network (the proxy does not let us through)"
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return "no network (the connection stalled)"
    return "no network (no connection)"


def _attempt(url: str) -> str | None:
    try:
        requests.head(url, timeout=DEADLINE, allow_redirects=False)
    except requests.RequestException as error:
        return explain(error)
    except OSError:  # raised before anybody is asked: the list of certificates is not there
        name = "REQUESTS_CA_BUNDLE" if os.environ.get("REQUESTS_CA_BUNDLE") else "CURL_CA_BUNDLE"
        return f"no network ({name} names a file that is not there: {os.environ.get(name)})"
    return None
