"""What every client is asked, and how it reports; see report.mjs."""
import json
import os

base = os.environ["RINGFENCE_BASE"]
key = os.environ["RINGFENCE_KEY"]
real = os.environ.get("RINGFENCE_REAL") == "1"
customer = "My name is Anna Muster, my address is anna.muster@example.org. Please greet me by name."
weather = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 24}, "days": {"type": "integer"}},
    "required": ["city"],
    "additionalProperties": False,
}


class Refused(Exception):
    pass


def greeted(text):
    assert text, "no text"
    assert "[PERSON" not in text and "[EMAIL" not in text, f"a placeholder came through: {text}"
    assert real or "Anna Muster" in text, f"the name did not come back: {text}"


def refused_with(call, status, code):
    try:
        call()
    except Exception as e:  # the client's own kinds of error
        got = getattr(e, "status_code", None)
        assert got == status, f"status {got}, not {status}: {e}"
        assert code in f"{e} {getattr(e, 'code', '')} {getattr(e, 'body', '')}", f"not {code}: {e}"
        raise Refused(code)
    raise AssertionError("was not refused")


def run(client, dialect, features):
    for feature, test in features.items():
        result = "works"
        try:
            test()
        except Refused as e:
            result = f"refused: {e}"
        except Exception as e:
            result = f"FAILS: {type(e).__name__}: {e}"
        print(json.dumps({"client": client, "dialect": dialect, "feature": feature, "result": result}), flush=True)
