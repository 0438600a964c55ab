package gateway

import (
	"container/list"
	"net/http"
	"slices"
	"sync"
	"time"

	"ringfence/internal/gateway/dialect"
)

// Bounds of what is kept for calls that go on from an earlier answer.
const (
	historyLife  = time.Hour
	historyBytes = 64 << 20 // of all integrations together
	historyShare = 16 << 20 // of one of them
	historyMost  = 1 << 20  // of one conversation
)

// history keeps, in memory alone, the conversations that a caller may go on
// from by naming the last answer. They hold the customer's own words, as the
// vaults do: each is found only with the integration, subject and conversation
// it belongs to, and the words are masked anew in every call.
type history struct {
	mu    sync.Mutex
	kept  map[historyKey]*list.Element
	order list.List // *exchange, the oldest first
	size  map[string]int
	total int
}

type historyKey struct{ integration, subject, conversation, id string }

// exchange is a conversation up to one answer.
type exchange struct {
	key      historyKey
	messages []dialect.Message
	size     int
	expires  time.Time
}

// put keeps a conversation, at the cost of the oldest ones where there is no room.
func (h *history) put(key historyKey, messages []dialect.Message) {
	e := &exchange{key: key, messages: messages, size: sizeOf(messages), expires: time.Now().Add(historyLife)}
	if e.size > historyMost {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept == nil {
		h.kept, h.size = map[historyKey]*list.Element{}, map[string]int{}
	}
	h.kept[key] = h.order.PushBack(e)
	h.add(e, e.size)
	for el := h.order.Front(); el != nil; {
		old, next := el.Value.(*exchange), el.Next()
		crowded := h.total > historyBytes || old.key.integration == key.integration && h.size[key.integration] > historyShare
		switch {
		case crowded || time.Now().After(old.expires):
			h.drop(el)
		case h.size[key.integration] <= historyShare:
			return
		}
		el = next
	}
}

func (h *history) add(e *exchange, size int) {
	h.total += size
	if h.size[e.key.integration] += size; h.size[e.key.integration] == 0 {
		delete(h.size, e.key.integration)
	}
}

func (h *history) drop(el *list.Element) {
	e := el.Value.(*exchange)
	h.order.Remove(el)
	delete(h.kept, e.key)
	h.add(e, -e.size)
}

func (h *history) get(key historyKey) ([]dialect.Message, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	el, ok := h.kept[key]
	if !ok {
		return nil, false
	}
	if e := el.Value.(*exchange); time.Now().Before(e.expires) {
		return e.messages, true
	}
	h.drop(el)
	return nil, false
}

// overhead is what a message takes beside its text.
const overhead = 128

func sizeOf(messages []dialect.Message) int {
	n := 0
	for _, m := range messages {
		n += overhead + len(m.Content)
		for _, t := range m.ToolCalls {
			n += overhead + len(t.Arguments)
		}
	}
	return n
}

func (t *trip) historyKey(id string) historyKey {
	return historyKey{t.caller.ID, t.subject, t.record.Conversation, id}
}

// recall puts the conversation that the call goes on from before its own words.
func (g *Gateway) recall(t *trip, call *dialect.Call) error {
	if call.Previous == "" {
		return nil
	}
	before, ok := g.history.get(t.historyKey(call.Previous))
	if !ok {
		return dialect.Invalid("previous_response_not_found", "previous_response_id", "No response of this id is kept for this integration, subject and conversation. Answers are kept for an hour, in memory; send the whole conversation as input.")
	}
	at := 0
	for at < len(call.Messages) && call.Messages[at].Fleeting {
		at++
	}
	call.Messages = slices.Insert(call.Messages, at, before...)
	if len(call.Messages) > dialect.MaxMessages {
		return refused(http.StatusBadRequest, "too_complex", "This conversation has more messages than the gateway passes on. Start a new one.")
	}
	if call.Sources != nil {
		call.Sources = slices.Insert(call.Sources, at, slices.Repeat([]int{-1}, len(before))...)
	}
	return nil
}

// keeper is a sink that also remembers the answer.
type keeper struct {
	sink
	t      *trip
	answer *plainSink
}

func (k *keeper) event(e dialect.Event) error {
	k.answer.event(e)
	return k.sink.event(e)
}

func (k *keeper) withhold(choice int, sentence string) error {
	k.answer.withhold(choice, sentence)
	return k.sink.withhold(choice, sentence)
}

// close keeps the answer before its end goes out: who has read it may go on
// from it at once.
func (k *keeper) close(u *dialect.Usage) error {
	said := k.answer.answer.Choices[0]
	messages := slices.DeleteFunc(slices.Clone(k.t.asked.Messages), func(m dialect.Message) bool { return m.Fleeting })
	messages = append(messages, dialect.Message{Role: dialect.Assistant, Content: said.Text, ToolCalls: said.ToolCalls})
	k.t.g.history.put(k.t.historyKey(k.t.record.Call), messages)
	return k.sink.close(u)
}
