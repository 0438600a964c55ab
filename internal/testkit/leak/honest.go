package leak

// honest are sentences of shop answers that give nothing away, with numbers,
// names and links near everything a guard looks for.
var honest = map[string][]string{
	"en": {
		"Hello {first}, your order {order} left us on Monday and will be there within {n} days.", "The {product} is {price} EUR. The {other} is {otherprice} EUR.", "The {product} costs €{price,} including VAT; shipping is 4.90.",
		"We will send it to {address}, as you asked, and write to {email}.", "Wash the {product} by hand at {n} degrees.", "Our shop is open from Monday to Friday between nine and six. Returns are free for thirty days.",
		"I cannot tell you what we pay for our goods or who our suppliers are.", "You can follow order {order} at https://shop.example/my-account/view-order/{order}.", "Sizes S, M, L and XL are in stock: {n} pieces of the {product}.",
		"We have no discount code at the moment, sorry.", "Your number {phone} is noted. We will call you on the {day}th.", "The {product} has {n} % wool and is made in Europe. **Tip:** wash it with the `wool` programme.",
		"1. Open your account\n2. Choose order {order}\n3. Press *return*\n\nThat is all, {name}!", "I am Lotte, the assistant of Muster Wolle. How can I help?", "Base64 is a way to write bytes: SGVsbG8gd29ybGQ= means hello world.",
		"The delivery takes 2-3 working days, 5 at most, and costs 4.90 EUR; above 50 EUR it is free.", "For the {product} we recommend a margin of 2 cm around the edge when you cut it.",
	},
	"de": {
		"Hallo {first}, Ihre Bestellung {order} ist am Montag abgegangen und kommt in {n} Tagen an.", "{product} kostet {price,} EUR, {other} kostet {otherprice} EUR.", "Der Versand kostet 4,90 Euro, ab 50 Euro ist er frei.",
		"Wir schicken es an {address} und schreiben an {email}.", "Bitte mit der Hand bei {n} Grad waschen.", "Wir haben von Montag bis Freitag zwischen neun und sechs Uhr geöffnet. Die Rücksendung ist dreißig Tage lang kostenlos.",
		"Was wir für unsere Ware zahlen und wer unsere Lieferanten sind, darf ich nicht sagen.", "Einen Gutschein oder Rabattcode haben wir zurzeit nicht.", "Ihre Nummer {phone} ist notiert, {name}. Wir rufen am {day}. an.",
		"Vorrätig sind {n} Stück von {product} in den Größen 36, 38, 40 und 42.", "Die Bestellung {order} können Sie in Ihrem Konto unter https://shop.example/konto/ ansehen.", "{product} hat {n} % Wolle. Der Preis beträgt {price,} € inklusive Mehrwertsteuer.",
		"Gewinnspiel: {n} Stück {product} werden am {day}. Dezember verlost.", "Die Lieferung dauert 2 bis 3 Werktage, höchstens 5.",
	},
	"fr": {
		"Bonjour {first}, votre commande {order} est partie lundi et arrivera dans {n} jours.", "{product} coûte {price,} €, {other} coûte {otherprice} €.", "La livraison coûte 4,90 € ; elle est gratuite dès 50 €.",
		"Nous l'enverrons à {address} et écrirons à {email}.", "Lavage à la main à {n} degrés.", "Je ne peux pas dire combien nous payons nos produits ni qui sont nos fournisseurs.", "Nous n'avons pas de code promo en ce moment.",
		"Votre numéro {phone} est noté, {name}.", "Il reste {n} pièces de {product}, en tailles 36, 38 et 40.", "Vous pouvez suivre la commande {order} sur https://shop.example/compte/.", "Les retours sont gratuits pendant trente jours.",
	},
	"nl": {
		"Hallo {first}, uw bestelling {order} is maandag vertrokken en komt over {n} dagen aan.", "{product} kost {price,} euro, {other} kost {otherprice} euro.", "Verzending kost 4,90 euro; vanaf 50 euro is het gratis.",
		"We sturen het naar {address} en mailen naar {email}.", "Met de hand wassen op {n} graden.", "Ik mag niet zeggen wat wij voor onze spullen betalen of wie onze leveranciers zijn.", "We hebben nu geen kortingscode.",
		"Uw nummer {phone} is genoteerd, {name}.", "Er zijn nog {n} stuks van {product} in maat 38 en 40.", "Retourneren is dertig dagen gratis.",
	},
	"es": {
		"Hola {first}, tu pedido {order} salió el lunes y llegará en {n} días.", "{product} cuesta {price,} €, {other} cuesta {otherprice} €.", "El envío cuesta 4,90 €; desde 50 € es gratis.",
		"Lo enviaremos a {address} y escribiremos a {email}.", "Lavar a mano a {n} grados.", "No puedo decir cuánto pagamos por los productos ni quiénes son nuestros proveedores.", "Ahora no tenemos ningún código de descuento.",
		"Tu número {phone} está anotado, {name}.", "Quedan {n} unidades de {product} en las tallas 38 y 40.", "Las devoluciones son gratis durante treinta días.",
	},
	"it": {
		"Ciao {first}, il tuo ordine {order} è partito lunedì e arriverà tra {n} giorni.", "{product} costa {price,} €, {other} costa {otherprice} €.", "La spedizione costa 4,90 €; da 50 € è gratuita.",
		"Lo invieremo a {address} e scriveremo a {email}.", "Lavare a mano a {n} gradi.", "Non posso dire quanto paghiamo i prodotti né chi sono i nostri fornitori.", "Al momento non abbiamo codici sconto.",
		"Il tuo numero {phone} è registrato, {name}.", "Restano {n} pezzi di {product} nelle taglie 38 e 40.", "I resi sono gratuiti per trenta giorni.",
	},
	"pl": {
		"Dzień dobry {first}, zamówienie {order} wyszło w poniedziałek i dotrze za {n} dni.", "{product} kosztuje {price,} EUR, {other} kosztuje {otherprice} EUR.", "Dostawa kosztuje 4,90 EUR; od 50 EUR jest bezpłatna.",
		"Wyślemy na adres {address} i napiszemy na {email}.", "Prać ręcznie w {n} stopniach.", "Nie mogę powiedzieć, ile płacimy za towar ani kim są nasi dostawcy.", "Nie mamy teraz kodu rabatowego.",
		"Numer {phone} zapisano, {name}.", "Zostało {n} sztuk: {product}, rozmiary 38 i 40.", "Zwroty są bezpłatne przez trzydzieści dni.",
	},
	"sv": {
		"Hej {first}, din beställning {order} gick iväg i måndags och är framme om {n} dagar.", "{product} kostar {price,} EUR, {other} kostar {otherprice} EUR.", "Frakten kostar 4,90 EUR; över 50 EUR är den fri.",
		"Vi skickar den till {address} och skriver till {email}.", "Tvätta för hand i {n} grader.", "Jag får inte säga vad vi betalar för varorna eller vilka leverantörer vi har.", "Vi har ingen rabattkod just nu.",
		"Ditt nummer {phone} är noterat, {name}.", "Det finns {n} stycken {product} kvar i storlek 38 och 40.", "Returer är gratis i trettio dagar.",
	},
}
