package mask

// Error is a refusal of this package: no text was released. Reason is a stable code for API errors and
// audit entries, the sentence says what happened and what to do.
type Error struct {
	Reason   string
	sentence string
}

func (e *Error) Error() string { return e.sentence }

// The refusals. All of them mean: nothing of the text may be sent. ErrRoundTrip alone is a failure on our
// side, the others are limits.
var (
	ErrVaultFull = &Error{"mask_vault_full",
		"this conversation holds more personal values than it may; start a new conversation"}
	ErrTextTooLong = &Error{"mask_text_too_long",
		"a text is longer than the masker accepts; send it in parts"}
	ErrTooManyPeople = &Error{"mask_too_many_people",
		"the request names more people than the masker accepts; send only those the call is about"}
	ErrOutside = &Error{"mask_detector_failed",
		"the outside detector of personal data did not answer as it must, and without it nothing is released; look after mask.detector"}
	ErrRoundTrip = &Error{"mask_round_trip_failed",
		"a text could not be masked so that it can be restored; this is a fault of Ringfence, please report it"}
)
