package gateway

import "ringfence/internal/guard"

// withheldSentences stand where an answer was stopped, in the language the
// customer writes in.
var withheldSentences = map[string]string{
	"en": "The rest of this answer was withheld by the store's safety rules.",
	"de": "Der Rest dieser Antwort wurde nach den Sicherheitsregeln des Shops zurückgehalten.",
	"fr": "La suite de cette réponse a été retenue par les règles de sécurité de la boutique.",
	"nl": "De rest van dit antwoord is tegengehouden door de veiligheidsregels van de winkel.",
	"es": "El resto de esta respuesta se ha retenido por las normas de seguridad de la tienda.",
	"it": "Il resto di questa risposta è stato trattenuto dalle regole di sicurezza del negozio.",
	"pl": "Dalsza część tej odpowiedzi została zatrzymana przez zasady bezpieczeństwa sklepu.",
	"sv": "Resten av det här svaret hölls tillbaka av butikens säkerhetsregler.",
}

// withheldSentence returns the sentence for a call.
func (p *prompt) withheldSentence() string {
	for i := len(p.pieces) - 1; i >= 0; i-- {
		if p.pieces[i].Origin == guard.User {
			return withheldSentences[guard.Language(p.pieces[i].Text)]
		}
	}
	return withheldSentences["en"]
}
