package gateway

import (
	"strings"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/mask"
)

// tokenQueue carries the log-probabilities of tokens past the restorer. Tokens
// that spell a placeholder become one token, the restored word, whose
// log-probability is their sum: the chance of the placeholder as a whole.
type tokenQueue struct {
	tokens []engine.TokenLogprob
	pieces []mask.Piece
	broken bool // tokens and text differ; what cannot be matched is left out
}

func (q *tokenQueue) add(tokens []engine.TokenLogprob) { q.tokens = append(q.tokens, tokens...) }

// match takes the pieces that went out and returns the tokens they cover, up
// to the last place where both have a boundary.
func (q *tokenQueue) match(pieces []mask.Piece) []dialect.TokenLogprob {
	if q.broken {
		return nil
	}
	q.pieces = append(q.pieces, pieces...)
	var out []dialect.TokenLogprob
	for {
		nt, np := q.boundary()
		if nt == 0 {
			return out
		}
		out = append(out, q.group(q.tokens[:nt], q.pieces[:np])...)
		q.tokens, q.pieces = q.tokens[nt:], q.pieces[np:]
	}
}

// boundary finds the fewest tokens and pieces that cover the same text.
func (q *tokenQueue) boundary() (nt, np int) {
	var text, covered int
	for {
		switch {
		case text > covered && nt < len(q.tokens):
			covered += len(q.tokens[nt].Token)
			nt++
		case text <= covered && np < len(q.pieces):
			text += len(q.pieces[np].In)
			np++
		default:
			return 0, 0
		}
		if nt > 0 && text == covered {
			return nt, np
		}
	}
}

func (q *tokenQueue) group(tokens []engine.TokenLogprob, pieces []mask.Piece) []dialect.TokenLogprob {
	var said, in, out strings.Builder
	sum := 0.0
	for _, t := range tokens {
		said.WriteString(t.Token)
		sum += t.Logprob
	}
	for _, p := range pieces {
		in.WriteString(p.In)
		out.WriteString(p.Out)
	}
	switch {
	case said.String() != in.String():
		q.broken = true
		return nil
	case in.String() == out.String():
		return logprobsOf(tokens)
	}
	return []dialect.TokenLogprob{{Token: out.String(), Logprob: sum}}
}

func logprobsOf(tokens []engine.TokenLogprob) []dialect.TokenLogprob {
	var out []dialect.TokenLogprob
	for _, t := range tokens {
		out = append(out, dialect.TokenLogprob{Token: t.Token, Logprob: t.Logprob, Top: logprobsOf(t.Top)})
	}
	return out
}
