package mask

// Type is a kind of personal data; it is also the word inside its placeholders.
type Type string

// The types. LITERAL marks text that was no personal data but looked like one of our placeholders.
const (
	PERSON  Type = "PERSON"
	EMAIL   Type = "EMAIL"
	PHONE   Type = "PHONE"
	ADDRESS Type = "ADDRESS"
	COMPANY Type = "COMPANY"
	IBAN    Type = "IBAN"
	CARD    Type = "CARD"
	IP      Type = "IP"
	VAT     Type = "VAT"
	SECRET  Type = "SECRET"
	ORDER   Type = "ORDER"
	DATE    Type = "DATE"
	LITERAL Type = "LITERAL"
)

// kind is what the package knows about a type.
type kind struct {
	typ     Type
	neutral string // said where the value may not or cannot be put back
	once    bool   // irreversible unless the vault's options say otherwise
	// words models put where they translate or explain our placeholder; matched inside brackets only
	words []string
}

var kinds = []kind{
	{PERSON, "name", false, []string{"name", "personne", "persona", "persoon", "osoba", "nom", "nombre", "naam",
		"nome", "namn", "imię", "nazwisko", "customer", "kunde"}},
	{EMAIL, "e-mail", false, []string{"e-mail", "mail", "correo", "e-post", "epost", "courriel"}},
	{PHONE, "phone number", false, []string{"telefon", "telefonnummer", "téléphone", "telephone", "teléfono",
		"telefono", "telefoon", "phone number", "tel"}},
	{ADDRESS, "address", false, []string{"adresse", "anschrift", "adres", "dirección", "direccion", "indirizzo",
		"adress"}},
	{COMPANY, "company", false, []string{"firma", "unternehmen", "entreprise", "société", "empresa", "bedrijf",
		"azienda", "företag"}},
	{IBAN, "bank account", false, nil},
	{CARD, "card", true, []string{"karte", "carte", "tarjeta", "kaart", "carta", "karta", "kort"}},
	{IP, "IP address", false, []string{"ip address", "ip-address", "ip-adresse"}},
	{VAT, "VAT number", false, []string{"vat id", "ust-id"}},
	{SECRET, "secret", true, []string{"password", "passwort", "geheimnis"}},
	{ORDER, "order key", false, []string{"bestellung", "commande", "pedido", "bestelling", "ordine",
		"zamówienie", "beställning"}},
	{DATE, "date", false, []string{"datum", "fecha", "data"}},
	{LITERAL, "text", false, nil},
}

// kindOf holds kinds by type.
var kindOf = func() map[Type]*kind {
	m := map[Type]*kind{}
	for i := range kinds {
		m[kinds[i].typ] = &kinds[i]
	}
	return m
}()
