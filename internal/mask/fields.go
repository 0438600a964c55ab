package mask

import "strings"

// part says which part of a person a field holds; parts found near each other make one name, one address.
type part uint8

const (
	whole part = iota
	firstName
	lastName
	street
	postcode
	city
)

// field is what the name of a field says about its value.
type field struct {
	typ  Type
	part part
	// word: the name is also a common word; outside structured data its value must look like a name
	word bool
}

// fieldNames are folded: lower case, without underscores, hyphens and spaces, and without the prefixes in
// fieldPrefixes. The first group are WooCommerce's and WordPress's own, the others what people write in
// forms and mails in the eight languages.
var fieldNames = newFieldNames()

func newFieldNames() map[string]field {
	m := map[string]field{}
	for _, g := range []struct {
		field field
		names string
	}{
		{field{PERSON, firstName, false}, `firstname givenname forename fname vorname prénom prenom voornaam
			primernombre imię imie förnamn fornamn`},
		{field{PERSON, lastName, false}, `lastname surname familyname lname nachname familienname zuname
			nomdefamille achternaam apellido apellidos cognome nazwisko efternamn`},
		{field{PERSON, whole, false}, `fullname displayname nickname usernicename username userlogin contactname
			customername formattedbillingfullname formattedshippingfullname commentauthor recipientname
			accountholder cardholder cardholdername vornachname vorundnachname vornameundnachname kundenname
			empfänger kontoinhaber volledigenaam nombrecompleto nombreyapellidos nomecognome nomeecognome
			imięinazwisko imieinazwisko förochefternamn nomprénom nometprénom titulaire ansprechpartner reviewer
			reviewerauthor`},
		{field{PERSON, whole, true}, `name nom nombre naam nome nazwa namn customer kunde client cliente klant
			klient kund from von de recipient author contact`},
		{field{EMAIL, whole, false}, `email emailaddress mail emailadresse useremail reviewerauthoremail
			revieweremail commentauthoremail adresseemail courriel correo correoelectrónico correoelectronico
			emailadres indirizzoemail adresemail epost epostadress mailadresse`},
		{field{PHONE, whole, false}, `phone telephone phonenumber mobile mobilephone cellphone telefon
			telefonnummer handy handynummer mobil mobilnummer mobiltelefon rufnummer tel téléphone portable
			teléfono telefono móvil movil cellulare telefoon telefoonnummer mobiel numertelefonu komórka
			fax faxnumber whatsapp`},
		{field{ADDRESS, street, false}, `address1 address2 addressline1 addressline2 street streetaddress
			streetname streetandnumber straße strasse straßehausnummer straßeundhausnummer strassehausnummer
			hausnummer anschrift housenumber rue adressepostale calle dirección direccion indirizzo via straat
			straatenhuisnummer huisnummer ulica adreszamieszkania gata gatuadress adress adresse adres
			billingaddress shippingaddress lieferadresse rechnungsadresse deliveryaddress address
			billingaddressindex shippingaddressindex`},
		{field{ADDRESS, postcode, false}, `postcode zip zipcode postalcode plz postleitzahl codepostal cp
			códigopostal codigopostal cap codicepostale kodpocztowy postnummer plzort plzundort postcodeplaats`},
		{field{ADDRESS, city, false}, `city town ort stadt wohnort ville ciudad città citta plaats woonplaats
			miasto miejscowość ort postort localidad población comune`},
		{field{COMPANY, whole, false}, `company companyname firma firmenname unternehmen entreprise société
			empresa azienda ragionesociale bedrijf bedrijfsnaam företag nazwafirmy`},
		{field{IP, whole, false}, `customeripaddress ipaddress ip remoteaddr clientip commentauthorip
			authorip`},
		{field{VAT, whole, false}, `vat vatnumber vatid eurovatnumber euvatnumber taxid taxnumber ustid ustidnr
			umsatzsteuerid steuernummer tvaintracom numérotva numerotva nif cif nifcif partitaiva piva
			codicefiscale btwnummer btw nip momsnummer orgnummer siret siren dni nie pesel bsn personnummer`},
		{field{IBAN, whole, false}, `iban kontonummer accountnumber bankaccount rekeningnummer`},
		{field{DATE, whole, false}, `birthday birthdate dateofbirth dob geburtsdatum geburtstag geborenam
			datedenaissance fechadenacimiento datadinascita geboortedatum dataurodzenia födelsedatum`},
		{field{SECRET, whole, false}, `password passwort passwd pwd kennwort userpass passphrase motdepasse mdp
			contraseña contrasena clave wachtwoord hasło haslo lösenord losenord apikey apisecret secret
			secretkey clientsecret consumerkey consumersecret accesstoken refreshtoken authtoken bearertoken
			privatekey accesskey secretaccesskey authorization webhooksecret signingsecret sessiontoken
			useractivationkey pin cvc cvv`},
		{field{SECRET, whole, true}, `token pass auth key passw`},
		{field{ORDER, whole, false}, `orderkey`},
		{field{CARD, whole, false}, `cardnumber creditcard creditcardnumber kreditkarte kreditkartennummer
			numérodecarte`},
	} {
		for _, name := range strings.Fields(g.names) {
			m[name] = g.field
		}
	}
	return m
}

var fieldPrefixes = []string{"billing", "shipping", "customer", "user", "account", "delivery", "rechnung",
	"liefer", "wc", "contact", "sender", "recipient", "buyer", "payer"}

// fieldOf returns what a field name says, if it says anything to us. name is as written, without quotes.
func fieldOf(name string) (f field, ok bool) {
	var buf [64]byte
	b := buf[:0]
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '_' || c == '-' || c == ' ' || c == '.' || c == '/' || c == '[' || c == ']' || c == '*' || c == ')' || c == '(' {
			continue
		}
		if len(b) == len(buf) {
			return f, false
		}
		b = append(b, lower(name, i))
	}
	folded := b
	for range 3 {
		if f, ok := fieldNames[string(folded)]; ok {
			return f, true
		}
		rest := folded
		for _, prefix := range fieldPrefixes {
			if len(folded) > len(prefix) && string(folded[:len(prefix)]) == prefix {
				rest = folded[len(prefix):]
				break
			}
		}
		if len(rest) == len(folded) {
			return f, false
		}
		folded = rest
	}
	return f, false
}
