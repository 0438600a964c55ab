package guard

import (
	"strings"
	"sync"
)

// everyday are words that tell a language, by its code; those that several of
// the eight share do not stand here.
var everyday = map[string]string{
	"en": "the and you what is are my order where how can please have with this your when would tell about hello thanks from not they",
	"de": "der die das und ich ist nicht mein meine bestellung wo wie kann bitte haben mit sie ihr wann würde hallo danke für auch ein eine was gibt es den",
	"fr": "le les et je est pas mon ma commande où comment puis pouvez avec vous votre quand bonjour merci pour aussi une quel quelle des du ce cette suis",
	"nl": "het een en ik niet mijn bestelling waar hoe kan alstublieft hebben met u uw wanneer hallo bedankt voor ook wat jullie zijn naar van deze",
	"es": "el los y yo es mi pedido dónde cómo puedo por favor tengo con usted su cuándo hola gracias para también una qué cuál está del las",
	"it": "il gli e io è non mio mia ordine dove come posso per favore ho con lei suo quando ciao grazie anche una che quale sono della di",
	"pl": "jest nie mój moje zamówienie gdzie jak mogę proszę mam z pan pani kiedy dzień dobry dziękuję dla także co jaki są czy się na i w o",
	"sv": "det och jag är inte min mitt beställning var hur kan snälla har med du er när hej tack för också en ett vad vilken från som",
}

var languageOf = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for lang, words := range everyday {
		for w := range strings.FieldsSeq(words) {
			if _, shared := m[w]; shared {
				m[w] = ""
			} else {
				m[w] = lang
			}
		}
	}
	return m
})

// Language returns the code of the language a text is in, of the eight the
// guards know: en de fr nl es it pl sv. It counts everyday words and letters of
// one language only; where they say nothing, it is en.
func Language(text string) string {
	const most = 4096
	votes := map[string]int{}
	text = strings.ToLower(text[:min(len(text), most)])
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < 0x80 && !wordByte(byte(r)) || r == '’' || r == '¿' || r == '¡' }) {
		if lang := languageOf()[w]; lang != "" {
			votes[lang] += 2
		}
	}
	for _, r := range text {
		switch r {
		case 'ß':
			votes["de"]++
		case 'ñ', '¿', '¡':
			votes["es"]++
		case 'å':
			votes["sv"]++
		case 'ł', 'ą', 'ę', 'ż', 'ś', 'ć', 'ź', 'ń':
			votes["pl"]++
		case 'ç', 'ê', 'œ':
			votes["fr"]++
		}
	}
	best := "en"
	for _, lang := range []string{"en", "de", "fr", "nl", "es", "it", "pl", "sv"} {
		if votes[lang] > votes[best] {
			best = lang
		}
	}
	return best
}
