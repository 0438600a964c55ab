package php

// kind is the lexical class of a token.
type kind uint8

const (
	tEOF  kind = iota
	tHTML      // text outside <?php ... ?>
	tVar       // $name
	tName      // identifier, keyword or qualified name
	tNum
	tStr  // string without interpolation, quotes included
	tTpl  // double-quoted string with interpolation, quotes included
	tHere // heredoc or nowdoc, opening line and closing label included
	tTick // `shell command`
	tCast // (int), (string), ...
	tOp   // operator or punctuation
	tEnd  // ; or ?>
	tEcho // <?=
)

// token is one lexeme: the bytes src[pos:end].
type token struct {
	kind kind
	kw   keyword // set when kind is tName and the name is a keyword
	op   opcode  // set when kind is tOp or tEnd
	pos  int32
	end  int32
	doc  int32 // 1 + offset of the doc comment just before, 0 if none
}

// keyword is a reserved (or contextual) word.
type keyword uint8

const (
	kwNone keyword = iota
	kwAbstract
	kwAnd
	kwArray
	kwAs
	kwBreak
	kwCase
	kwCatch
	kwClass
	kwClone
	kwConst
	kwContinue
	kwDeclare
	kwDefault
	kwDo
	kwEcho
	kwElse
	kwElseif
	kwEmpty
	kwEnddeclare
	kwEndfor
	kwEndforeach
	kwEndif
	kwEndswitch
	kwEndwhile
	kwEnum
	kwEval
	kwExit
	kwExtends
	kwFinal
	kwFinally
	kwFn
	kwFor
	kwForeach
	kwFunction
	kwGlobal
	kwGoto
	kwHalt
	kwIf
	kwImplements
	kwInclude
	kwInstanceof
	kwInsteadof
	kwInterface
	kwIsset
	kwList
	kwMatch
	kwNamespace
	kwNew
	kwOr
	kwPrint
	kwPrivate
	kwProtected
	kwPublic
	kwReadonly
	kwReturn
	kwStatic
	kwSwitch
	kwThrow
	kwTrait
	kwTry
	kwUnset
	kwUse
	kwVar
	kwWhile
	kwXor
	kwYield
)

// keywords maps the lower-case spelling to its keyword.
var keywords = map[string]keyword{
	"abstract": kwAbstract, "and": kwAnd, "array": kwArray, "as": kwAs, "break": kwBreak, "case": kwCase,
	"catch": kwCatch, "class": kwClass, "clone": kwClone, "const": kwConst, "continue": kwContinue,
	"declare": kwDeclare, "default": kwDefault, "do": kwDo, "echo": kwEcho, "else": kwElse, "elseif": kwElseif,
	"empty": kwEmpty, "enddeclare": kwEnddeclare, "endfor": kwEndfor, "endforeach": kwEndforeach,
	"endif": kwEndif, "endswitch": kwEndswitch, "endwhile": kwEndwhile, "enum": kwEnum, "eval": kwEval,
	"exit": kwExit, "die": kwExit, "extends": kwExtends, "final": kwFinal, "finally": kwFinally, "fn": kwFn,
	"for": kwFor, "foreach": kwForeach, "function": kwFunction, "global": kwGlobal, "goto": kwGoto,
	"__halt_compiler": kwHalt, "if": kwIf, "implements": kwImplements, "include": kwInclude,
	"include_once": kwInclude, "require": kwInclude, "require_once": kwInclude, "instanceof": kwInstanceof,
	"insteadof": kwInsteadof, "interface": kwInterface, "isset": kwIsset, "list": kwList, "match": kwMatch,
	"namespace": kwNamespace, "new": kwNew, "or": kwOr, "print": kwPrint, "private": kwPrivate,
	"protected": kwProtected, "public": kwPublic, "readonly": kwReadonly, "return": kwReturn,
	"static": kwStatic, "switch": kwSwitch, "throw": kwThrow, "trait": kwTrait, "try": kwTry,
	"unset": kwUnset, "use": kwUse, "var": kwVar, "while": kwWhile, "xor": kwXor, "yield": kwYield,
}

// opcode names an operator by its place in ops.
type opcode uint8

// ops lists every operator, longest first among those that share a prefix.
var ops = [...]string{"",
	"<<=", "**=", "...", "<=>", "===", "!==", ">>=", "??=", "?->",
	"+=", "-=", "*=", "/=", ".=", "%=", "&=", "|=", "^=", "->", "=>", "::", "++", "--", "==", "!=", "<>",
	"<=", ">=", "&&", "||", "??", "<<", ">>", "**", "|>",
	"+", "-", "*", "/", "%", "=", "<", ">", ".", "!", "~", "^", "&", "|", "?", ":", ",", "(", ")", "[", "]",
	"{", "}", "@", "$", "#", "\\", ";",
}

// Operators the parser asks for by name.
var (
	opEllipsis, opNullArrow = opOf("..."), opOf("?->")
	opArrow, opDouble       = opOf("->"), opOf("=>")
	opColons, opInc, opDec  = opOf("::"), opOf("++"), opOf("--")
	opAssign, opNot, opAmp  = opOf("="), opOf("!"), opOf("&")
	opPipe, opPow           = opOf("|"), opOf("**")
	opQuest, opColon        = opOf("?"), opOf(":")
	opComma, opSemi         = opOf(","), opOf(";")
	opParen, opUnparen      = opOf("("), opOf(")")
	opBracket, opUnbracket  = opOf("["), opOf("]")
	opBrace, opUnbrace      = opOf("{"), opOf("}")
	opDollar, opAt          = opOf("$"), opOf("@")
	opPlus, opMinus         = opOf("+"), opOf("-")
	opTilde                 = opOf("~")
)

func opOf(s string) opcode {
	for i, o := range ops {
		if o == s {
			return opcode(i)
		}
	}
	return 0
}

// opsByByte lists, for each first byte, the operators that start with it, longest first.
var opsByByte = func() (t [128][]opcode) {
	for i := 1; i < len(ops); i++ {
		b := ops[i][0]
		t[b] = append(t[b], opcode(i))
	}
	return t
}()

// casts are the type names that make "(name)" a cast.
var casts = map[string]bool{
	"int": true, "integer": true, "float": true, "double": true, "real": true, "string": true, "binary": true,
	"bool": true, "boolean": true, "array": true, "object": true, "unset": true, "void": true,
}
