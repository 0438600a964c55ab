package tagger

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var low = Thresholds{Seed: .01, Grow: .01, Place: .01}

func tags(text string, t Thresholds) (out []Tag) {
	Default().Tag(text, t, func(tag Tag) { out = append(out, tag) })
	return out
}

// check says whether tags are disjoint, in order, and of whole words.
func check(t *testing.T, text string) {
	t.Helper()
	at := 0
	for _, tag := range tags(text, low) {
		if tag.Start < at || tag.End <= tag.Start || tag.End > len(text) {
			t.Fatalf("tag %+v behind %d in %q", tag, at, text)
		}
		at = tag.End
		if mayGoOn(text, tag.Start) || mayGoOn(text, tag.End) {
			t.Fatalf("tag %+v cuts a word of %q", tag, text)
		}
		if !(tag.Score >= 0 && tag.Score <= 1) {
			t.Fatalf("score %v in %q", tag.Score, text)
		}
	}
}

// mayGoOn says whether a word lies on both sides of an offset.
func mayGoOn(text string, i int) bool {
	if i == 0 || i == len(text) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text[:i])
	var before, after word
	readWord(string(last), 0, &before)
	readWord(text, i, &after)
	return before.end > 0 && after.end > i
}

func FuzzTag(f *testing.F) {
	for _, s := range []string{"", "Anna", "ask Petra about it", "e\u0301 \xff\xfe Ünal's", strings.Repeat("Anna ", 300), "漢字 名前\n\n\nX",
		"A. B. C.", "\u0301", "１２ Ａnna", "O'Neil-McDonald, José"} {
		f.Add(s)
	}
	f.Fuzz(check)
}

func TestTheSameTextHasTheSameTags(t *testing.T) {
	text := strings.Repeat("Please ask Petra Lindqvist or her brother Tomasz about the parcel to Gdynia. ", 40)
	first := tags(text, low)
	if len(first) == 0 {
		t.Fatal("no tags")
	}
	tags("something else entirely, of another length", low)
	if !slices.Equal(first, tags(text, low)) {
		t.Error("a second reading differs")
	}
}

func TestReadingIsConcurrent(t *testing.T) {
	text := "Please ask Petra Lindqvist about the parcel."
	want := tags(text, low)
	done := make(chan []Tag)
	for range 8 {
		go func() { done <- tags(text, low) }()
	}
	for range 8 {
		if got := <-done; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestDamagedWeightsAreRefused(t *testing.T) {
	for _, file := range []string{"", magic, weightFile[:len(weightFile)-1], "x" + weightFile[1:]} {
		if _, err := readWeights(file); err == nil {
			t.Errorf("%d bytes were taken", len(file))
		}
	}
}

func TestTrainingIsDeterministic(t *testing.T) {
	names := NameTable(map[uint64]uint8{Fold("anna"): GivenName})
	learn := func() []byte {
		var examples []Example
		for range 20 {
			examples = append(examples, Example{"ask Anna now", []Mark{{4, 8, PersonBegin}}}, Example{Text: "ask support now"})
		}
		return Train(examples, TrainOptions{Names: names, Rounds: 3, Rate: .1, Keep: 1000, Seed: 1, Progress: func(int, float64) {}})
	}
	first := learn()
	if !slices.Equal(first, learn()) {
		t.Fatal("two trainings differ")
	}
	m, err := New(first, names)
	if err != nil {
		t.Fatal(err)
	}
	var got []Tag
	m.Tag("ask Anna now", Thresholds{.5, .3, .9, .9}, func(tag Tag) { got = append(got, tag) })
	if len(got) != 1 || got[0].Start != 4 || got[0].End != 8 {
		t.Errorf("learnt %v", got)
	}
}

func TestNamesAreListed(t *testing.T) {
	for _, name := range []string{"Anna", "ANNA", "Müller", "muller", "Łukasz", "García"} {
		if !Default().Listed(name) {
			t.Errorf("%s is on no list", name)
		}
	}
	for _, word := range []string{"xqzv", "Rückgabeformular", "12"} {
		if Default().Listed(word) {
			t.Errorf("%s is on a list", word)
		}
	}
}

func BenchmarkTag(b *testing.B) {
	text := strings.Repeat("Our wool sweater is knitted in a small mill. Please ask Petra Lindqvist about it, she knows. ", 11)[:1000]
	m := Default()
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.Tag(text, Thresholds{.5, .3, .9, .9}, func(Tag) {})
	}
}
