package web

import (
	"embed"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"sync"
)

//go:embed templates
var templates embed.FS

// common are the templates that every page is made with.
var common = []string{"templates/layout.html", "templates/parts.html", "templates/forms.html"}

// everyTemplate are the templates of all pages, by the names of their files. They are
// read once: most of what a page is made with is common to all.
var everyTemplate = sync.OnceValue(func() map[string]*template.Template {
	base := template.Must(template.New("").Funcs(functions).ParseFS(templates, common...))
	files, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	out := map[string]*template.Template{}
	for _, file := range files {
		if !slices.Contains(common, file) {
			out[path.Base(file)] = template.Must(template.Must(base.Clone()).ParseFS(templates, file))
		}
	}
	return out
})

// templateOf is the template of a page, which must be there.
func templateOf(name string) *template.Template {
	t := everyTemplate()[name]
	if t == nil {
		panic("web: no template " + name)
	}
	return t
}
