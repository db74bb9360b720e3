package casework

// An Edit is one state of a draft that is being written: what an editor, a page
// opened once by one person, sends to be kept.
type Edit struct {
	Editor   string
	Revision int64 // counted up by the editor
	// Version is which keeping it is; of one to keep, the keeping that its editor
	// began with or that it made last. 0 is none.
	Version int64
}

// Follows reports whether e may take the place of what is kept: nothing, what its
// own editor kept before, or what its writer read. Late is an edit in whose place
// its own editor has sent a newer one; it changes nothing. Any other would lose
// what another editor wrote and is an [ErrStale].
func (e Edit) Follows(kept Edit) (late bool, err error) {
	switch {
	case kept.Version == 0:
		return false, nil
	case e.Editor == kept.Editor:
		return e.Revision <= kept.Revision, nil
	case e.Version == kept.Version:
		return false, nil
	}
	return false, &StaleError{Present: kept.Version}
}
