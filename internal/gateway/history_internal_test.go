package gateway

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/gateway/dialect"
)

func said(text string) []dialect.Message {
	return []dialect.Message{{Role: dialect.User, Content: text}}
}

// What is kept is found by its own key alone, and only for an hour.
func TestHistoryIsApartAndExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h history
		mine := historyKey{"shop", "anna", "c1", "r1"}
		h.put(mine, said("hello"))
		for _, other := range []historyKey{{"bot", "anna", "c1", "r1"}, {"shop", "bert", "c1", "r1"}, {"shop", "anna", "c2", "r1"}, {"shop", "anna", "", "r1"}, {"shop", "anna", "c1", "r2"}} {
			if _, ok := h.get(other); ok {
				t.Errorf("%v found what %v kept", other, mine)
			}
		}
		time.Sleep(historyLife - time.Second)
		if got, ok := h.get(mine); !ok || got[0].Content != "hello" {
			t.Errorf("got %v, %v", got, ok)
		}
		time.Sleep(2 * time.Second)
		if _, ok := h.get(mine); ok || h.total != 0 || len(h.kept) != 0 {
			t.Errorf("kept longer than an hour: %d bytes", h.total)
		}
	})
}

// One integration that keeps very much loses its own oldest, not another's.
func TestHistoryIsBounded(t *testing.T) {
	var h history
	other := historyKey{integration: "other", id: "r"}
	h.put(other, said("small"))
	text := strings.Repeat("x", 900<<10)
	for i := range 100 {
		h.put(historyKey{integration: "loud", id: strconv.Itoa(i)}, said(text))
	}
	if _, ok := h.get(other); !ok {
		t.Error("a loud integration pushed another's conversation out")
	}
	if h.size["loud"] > historyShare {
		t.Errorf("one integration holds %d bytes", h.size["loud"])
	}
	if _, ok := h.get(historyKey{integration: "loud", id: "99"}); !ok {
		t.Error("the newest is gone")
	}
	for i := range 10 {
		for k := range 18 {
			h.put(historyKey{integration: "crowd" + strconv.Itoa(i), id: strconv.Itoa(k)}, said(text))
		}
	}
	if h.total > historyBytes {
		t.Errorf("%d bytes are held", h.total)
	}
	h.put(historyKey{id: "huge"}, said(strings.Repeat("x", historyMost)))
	if _, ok := h.get(historyKey{id: "huge"}); ok {
		t.Error("a conversation larger than allowed was kept")
	}
}
