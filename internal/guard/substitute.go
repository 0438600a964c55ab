package guard

// Digits and signs stand for letters in any answer, so both sides are compared
// in classes: 3 is e, 1 is l is i. A substitution maps a folded letter to the
// class of the letter it stands for in a simple cipher.
var (
	plainSub      = substitution(func(c byte) byte { return c })
	substitutions = func() []*[256]byte {
		out := []*[256]byte{plainSub, substitution(turned(13)), substitution(func(c byte) byte { return 'a' + 'z' - c })}
		for n := byte(1); n < 26; n++ {
			if n != 13 {
				out = append(out, substitution(turned(n)))
			}
		}
		return out
	}()
)

// common are the substitutions that are looked for where a mark may begin
// anywhere: none, rot13 and the alphabet backwards.
const common = 3

// turned is Caesar's cipher.
func turned(n byte) func(byte) byte {
	return func(c byte) byte { return 'a' + (c-'a'+n)%26 }
}

func substitution(letter func(byte) byte) *[256]byte {
	var m [256]byte
	for i := range m {
		c := byte(i)
		if 'a' <= c && c <= 'z' {
			c = letter(c)
		}
		m[i] = classOf(c)
	}
	return &m
}

func classOf(c byte) byte {
	switch c {
	case '0':
		return 'o'
	case '1', 'l':
		return 'i'
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7':
		return 't'
	case '8':
		return 'b'
	case '9':
		return 'g'
	}
	return c
}
