package corpora

import "slices"

// Shop returns own shop texts that nothing is learnt from, as written, in small letters, and with nothing
// personal in them. The names are held out too; many of them are on the lists the model has.
func Shop(folder string, texts int) ([]Set, error) {
	sets, err := Learn(folder)
	if err != nil {
		return nil, err
	}
	names, err := ReadNames(folder, Ordinary(sets))
	if err != nil {
		return nil, err
	}
	return slices.Concat(Handwritten(), Benign(), Strangers(), HeldOut(names, texts)), nil
}

// HeldOut writes the texts of Shop with given names.
func HeldOut(names *Names, texts int) (sets []Set) {
	w := NewWriter(names, true, 7)
	for _, language := range Languages {
		plain, chat, benign := Set{Name: "shop-" + language}, Set{Name: "chat-" + language}, Set{Name: "benign-" + language}
		for range texts {
			plain.Docs = append(plain.Docs, w.Text(language))
			chat.Docs = append(chat.Docs, w.Text(language).Rewrite(Lower))
			benign.Docs = append(benign.Docs, w.Benign(language))
		}
		sets = append(sets, plain, chat, benign)
	}
	return sets
}
