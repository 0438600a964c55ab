package dialect

import (
	"io"
	"net/url"
)

// Request is what a dialect reads of a request.
type Request struct {
	Body   []byte
	Model  string // that the path names; "" where the body does
	Query  url.Values
	Limits Limits
}

// Limits bound what a decoder accepts.
type Limits struct {
	Depth int // nesting of arrays and objects
	Items int // values in the whole body
}

// Dialect is one request of one wire protocol.
type Dialect interface {
	Name() string
	// Decode reads a request. The error is a *Refusal.
	Decode(Request) (*Call, error)
	// Encode renders an answer as the body of a 200.
	Encode(*Answer) []byte
	// Refuse renders a refusal as the body of an error response.
	Refuse(*Refusal) []byte
	// Fields says what becomes of every field the protocol has.
	Fields() []Field
}

// Streamer is a dialect whose calls may set Stream.
type Streamer interface {
	Dialect
	// Stream starts a streamed answer on w. It writes nothing yet.
	Stream(w io.Writer, h Head) Stream
}

// Stream writes one streamed answer. Every method's error is that of the
// underlying writer: the client is gone.
type Stream interface {
	// Type is the media type of what is written.
	Type() string
	Event(Event) error
	// Close ends a good stream; usage is nil when the caller did not ask.
	Close(usage *Usage) error
	// Fail ends a stream that broke after it began.
	Fail(*Refusal) error
}

// Lister shows models the way its protocol does.
type Lister interface {
	// List renders all models, Show one of them.
	List([]Model) []byte
	Show(Model) []byte
	Refuse(*Refusal) []byte
}

// Model is a name a caller may ask for.
type Model struct {
	Name    string
	Serves  string // the engine's model behind an alias; the Name itself otherwise
	Digest  string // of the model's file, "sha256:<hex>", when known
	Context int    // tokens that prompt and answer may take together; 0 when unknown
}

// Media types of streams.
const (
	SSE    = "text/event-stream"
	NDJSON = "application/x-ndjson"
	JSON   = "application/json"
)
