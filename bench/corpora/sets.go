package corpora

import "path/filepath"

// wikiLanguages are those WikiANN was taken in.
var wikiLanguages = []string{"de", "en", "fr", "nl", "pt"}

const noisy = "noisy_en/data__"

// Learn returns the sets a model may learn from, dev parts left out.
func Learn(folder string) ([]Set, error) {
	var l []loader
	for _, lang := range wikiLanguages {
		l = append(l, loader{"wikiann-" + lang, "wikiann/" + lang + ".train", conll(lang)})
	}
	for _, part := range []string{"a", "b", "e", "f"} {
		l = append(l, loader{"btc-" + part, noisy + "BTC__CONLL-format__data__" + part + ".conll", conll("en")})
	}
	for _, part := range []string{"airline", "fastfood", "finance", "media", "software"} {
		l = append(l, loader{"multidogo-" + part, "multidogo/" + part + ".dev.tsv", multidogo})
	}
	l = append(l,
		loader{"germeval-dev", "germeval2014_de/dev.tsv", conll("de")},
		loader{"wnut17-train", noisy + "WNUT17__CONLL-format__data__train__wnut17train.conll", conll("en")},
		loader{"wikigold", noisy + "wikigold__CONLL-format__data__wikigold.conll.txt", conll("en")},
		loader{"meddocan-train", "meddocan_es/train.jsonl", meddocan},
		loader{"banking77", "banking77/train.csv", benignCSV})
	return load(filepath.Join(folder, "train"), l)
}

// Dev returns the parts of the training corpora that are kept for development: no text of them is learnt
// from, thresholds are chosen on them.
func Dev(folder string) ([]Set, error) {
	var l []loader
	for _, lang := range wikiLanguages {
		l = append(l, loader{"wikiann-" + lang, "wikiann/" + lang + ".dev", conll(lang)})
	}
	l = append(l,
		loader{"wnut17-dev", noisy + "WNUT17__CONLL-format__data__dev__emerging.dev.conll", conll("en")},
		loader{"btc-g", noisy + "BTC__CONLL-format__data__g.conll", conll("en")},
		loader{"btc-h", noisy + "BTC__CONLL-format__data__h.conll", conll("en")},
		loader{"multidogo-insurance", "multidogo/insurance.dev.tsv", multidogo},
		loader{"meddocan-dev", "meddocan_es/dev.jsonl", meddocan},
		loader{"bitext-benign", "bitext_customer_service/train.csv", bitext})
	return load(filepath.Join(folder, "train"), l)
}

// Measure returns the sets that may only be measured.
func Measure(folder string) ([]Set, error) {
	return load(filepath.Join(folder, "measure"), []loader{
		{"presidio-synth", "presidio_research/synth_v2.json", presidio},
		{"germeval-test", "germeval2014_de/test.tsv", conll("de")},
		{"wnut17-test", "wnut17/test.annotated", conll("en")},
		{"notinject-one", "notinject/datasets__NotInject_one.json", prompts},
		{"wildguard-benign", "wildguard_benign/datasets__wildguard.json", prompts},
	})
}
