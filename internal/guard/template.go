package guard

// templates flags chat-template tokens in an answer: the model has left its
// turn, and a client that renders them may show somebody else's.
type templates struct{ state uint16 }

var templateTokens = newLiterals([]string{
	"<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|eot_id|>", "<|endoftext|>",
	"<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>", "<end_of_turn>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>",
})

func (t *templates) see(r rune, _, _ int) *Verdict {
	c := byte(0)
	if r < 0x80 {
		c = byte(r)
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
	}
	t.state = templateTokens.step(t.state, c)
	if len(templateTokens.ends[t.state]) == 0 {
		return nil
	}
	return &Verdict{Action: Flag, Reason: "chat_template", Rule: "answer.template", Score: 0.5}
}
