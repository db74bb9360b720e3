package postgres

// A wordSearch is a way to find words. Each finds the same, but for one that reads
// too few to fill a page.
type wordSearch struct {
	indexed bool // ask the index of all words; else read each row, in their order
	among   int  // how many are read at most; 0 for all
}

// A wordSample is how many rows are read in the hope to meet a page of them. Where so
// often the words are met among them, it is worth to read on.
type wordSample struct{ among, often int }

// byWords finds a page of what has words. A common word is soon met by reading the
// first rows in their order. One that is hardly met there is rare, and the index names
// all that have it. No statistics could tell which it is: they know pairs of characters,
// and not where words of them stand, nor in which years.
//
// To read on is to read as many as fill a page where so many met some, and four times as
// many, as words come in crowds. One that fills no page then was the talk of a season,
// and the index names the few that have it.
func byWords[T any](s wordSample, page int, search func(wordSearch) ([]T, error)) ([]T, error) {
	list, err := search(wordSearch{among: s.among})
	if err == nil && len(list) >= s.often && len(list) < page {
		list, err = search(wordSearch{among: 4 * s.among * page / len(list)})
	}
	if err != nil || len(list) == page {
		return list, err
	}
	return search(wordSearch{indexed: true})
}
