package llama

import (
	"regexp"
	"strings"
)

var (
	// "0.01.486.983 W srv    operator(): " in front of a message.
	logPrefix = regexp.MustCompile(`^[0-9.]+ ([A-Z]) +\S+ +\S*: ?(?:id +-?[0-9]+ \| task +-?[0-9]+ \| )?`)
	// What a dying server says without such a front.
	lastWords = regexp.MustCompile(`^(\S+:[0-9]+: GGML_|GGML_ASSERT|terminate called|  what\(\))`)
)

// redact keeps from a line of the server's log what cannot be a piece of a
// prompt or an answer. At the verbosity that we ask for, the server quotes
// requests in warnings and errors: behind a colon, a quotation mark or a
// brace. A line without the server's front may be the rest of such a quote.
func redact(line string) string {
	front := logPrefix.FindStringSubmatchIndex(line)
	if front == nil {
		if lastWords.MatchString(line) {
			return cut(line, `"'{`)
		}
		return "(a line is left out)"
	}
	level, message := line[front[2]:front[3]], line[front[1]:]
	if level == "I" || level == "D" {
		return line[:front[1]] + cut(message, `"'{`)
	}
	return line[:front[1]] + cut(message, `"'{:`)
}

func cut(s, at string) string {
	if i := strings.IndexAny(s, at); i >= 0 {
		return s[:i] + "(cut)"
	}
	return s
}
