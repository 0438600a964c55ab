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
	PLACE   Type = "PLACE"   // a town, region or country that is said of a person
	TITLE   Type = "TITLE"   // Mrs, Herr, Dr. in front of a name
	AGE     Type = "AGE"     // how old somebody is
	GROUP   Type = "GROUP"   // a nationality or people somebody belongs to
	ID      Type = "ID"      // a number an authority gave: tax, insurance, passport, driving licence
	ACCOUNT Type = "ACCOUNT" // a bank account that is no IBAN, a customer number
	PARCEL  Type = "PARCEL"  // a carrier's tracking number
	DEVICE  Type = "DEVICE"  // a network card or telephone
	URL     Type = "URL"     // somebody's own page or profile
	// SENSITIVE is a fact of Article 9 GDPR, where the policy is to mask it.
	SENSITIVE Type = "SENSITIVE"
	LITERAL   Type = "LITERAL"
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
	{PLACE, "place", false, []string{"location", "ort", "lieu", "lugar", "luogo", "plaats", "miejsce", "plats"}},
	{TITLE, "title", false, nil},
	{AGE, "age", false, nil},
	{GROUP, "origin", false, nil},
	{ID, "identity number", false, nil},
	{ACCOUNT, "account number", false, nil},
	{PARCEL, "tracking number", false, nil},
	{DEVICE, "device", false, nil},
	{URL, "link", false, nil},
	{SENSITIVE, "sensitive fact", false, nil},
	{LITERAL, "text", false, nil},
}

// alsoFields are types whose words are names of fields too (address_1, group_2): in small letters such a word is
// a placeholder only inside square brackets.
var alsoFields = map[Type]bool{ADDRESS: true, PLACE: true, TITLE: true, AGE: true, GROUP: true, ID: true, ACCOUNT: true, PARCEL: true,
	DEVICE: true, URL: true, SENSITIVE: true}

// kindOf holds kinds by type.
var kindOf = func() map[Type]*kind {
	m := map[Type]*kind{}
	for i := range kinds {
		m[kinds[i].typ] = &kinds[i]
	}
	return m
}()
