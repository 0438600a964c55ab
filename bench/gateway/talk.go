package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
)

// turns is how many calls a conversation has. Each sends all that was said before, as plugins do.
const turns = 10

// sentences are what a customer's messages are made of, each turn of others.
var sentences = []string{
	"I ordered a teapot and two cups three weeks ago and have not heard from you since. ",
	"My address is Lindenstraße 12, 10969 Berlin, and my phone is +49 30 901820. ",
	"The colour in the picture looked darker than what my neighbour received. ",
	"You can write to anna.muster@example.org, I read my mail every evening. ",
	"Is the lid made of the same clay, and may it go into the dishwasher? ",
	"My sister would like the small one with the blue rim for her birthday. ",
	"If it does not come by Friday I would rather have my money back, please. ",
	"The card in the parcel said that there is a discount for the second order. ",
	"Which of your green teas has the least caffeine, and how long should it draw? ",
	"Last time the box was open at one side, so please wrap it a little better. ",
	"Could you also tell me whether you ship to Austria, and what that costs? ",
}

// said is what the customer writes in a turn: 636 characters, so that with its answer a turn has 1,000.
func said(turn int) string {
	s := "Hello, this is Anna Muster. "
	for k := turn * 3; len(s) < 636; k++ {
		s += sentences[k%len(sentences)]
	}
	return s[:636]
}

// talks counts conversations, so that no two of a run have one name.
var talks atomic.Int64

// talk makes the calls of conversations, one after the other for each client.
func talk() requests {
	first := talks.Add(1)
	heard := strings.ReplaceAll(answer, "[PERSON_1]", "Anna Muster")
	return func(client, i int) request {
		messages := []object{{"role": "system", "content": system}}
		for turn := range i%turns + 1 {
			if turn > 0 {
				messages = append(messages, object{"role": "assistant", "content": heard})
			}
			messages = append(messages, object{"role": "user", "content": said(turn)})
		}
		body := object{"model": "small", "max_tokens": 100, "messages": messages,
			"ringfence": object{"conversation": fmt.Sprintf("%d-%d-%d", first, client, i/turns)}}
		b, err := json.Marshal(body)
		check(err)
		return request{chat.path(false), chat.ends, b}
	}
}
