package egress

import (
	"regexp"
	"strings"
)

// discreet writes a host for an entry. A name that a client made up can carry
// anything: order-4711.anna-muster.collector.example is data that leaves by its
// name alone. So the part somebody registered is kept, and further labels only
// when they are words of infrastructure; others become *.
func discreet(host string) string {
	labels := strings.Split(host, ".")
	keep := 2
	if n := len(labels); n > 2 && len(labels[n-1]) == 2 && secondLevel[labels[n-2]] {
		keep = 3 // shop.co.uk
	}
	for i := range max(0, len(labels)-keep) {
		if !infrastructure(labels[i]) {
			labels[i] = "*"
		}
	}
	for i := 1; i < len(labels); { // a run of them says no more than one
		if labels[i] == "*" && labels[i-1] == "*" {
			labels = append(labels[:i], labels[i+1:]...)
			continue
		}
		i++
	}
	return strings.Join(labels, ".")
}

var secondLevel = set("ac co com edu gov net org or ne go gob gouv nom")

// regionPattern is how clouds name their regions: eu-west-1, europe-west4, westeurope2.
var regionPattern = regexp.MustCompile(`^(af|ap|ca|eu|il|me|mx|sa|us|asia|europe|australia|northamerica|southamerica)(-[a-z]{2,12}){0,2}-?[0-9]{0,2}$`)

func infrastructure(label string) bool {
	if regionPattern.MatchString(label) {
		return true
	}
	for part := range strings.SplitSeq(label, "-") {
		if !words[strings.TrimRight(part, "0123456789")] || len(part)-len(strings.TrimRight(part, "0123456789")) > 2 {
			return false
		}
	}
	return true
}

var words = set(`account accounts admin ads ai aiplatform amazonaws analytics api apis app apps assets atlas audio auth aws
 azure backend backup beta bedrock billing blob bot bucket business cache cdn chat checkout client cloud cloudfront
 collect collector community config connect console content core data dashboard db dev developer developers dialogflow
 discovery dns doh docs download downloads dynamodb edge email embed embeddings endpoint endpoints es event events export
 feed feeds file files fonts forms fra front ftp functions gateway generativelanguage global graph graphql gtm help hook
 hooks hosted http https hub id identity image images img imap inference ingest insights internal invoice io json kb key
 keys lambda language licence license link list live lists llm log login logs m mail map maps marketing mcp media
 message messages messaging metrics mobile model models ml monitor mx my mta news newsletter notify ns oauth online open
 openai order orders panel partner partners pay payment payments paypal ping pixel play pop platform plugin plugins pns
 pop portal preview private prod production products profile proxy public push queue queues r realtime recommend redirect
 registry relay report reports resources rest retail rpc rt run runtime s sandbox sdk search secure sentry server
 service services share shipping shop shops signup sip site sites smtp sns social speech sqs sso staging static stats status
 storage store stores stream streaming stripe sub support sync system tag tags team telemetry test tests text token tools
 track tracking translate translation tts update updates upload uploads v vector video vision voice web webhook webhooks
 websocket widget widgets wiki wordpress wp ws wss www xml`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
