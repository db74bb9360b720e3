package embedded_test

import (
	"context"
	"log"

	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/postgres/embedded"
)

func Example() {
	ctx := context.Background()
	dir, err := embedded.DefaultDir()
	if err != nil {
		log.Fatal(err)
	}
	server, err := embedded.Start(ctx, embedded.Options{Dir: dir})
	if err != nil {
		log.Fatal(err)
	}
	defer func() {
		if err := server.Stop(); err != nil {
			log.Print(err)
		}
	}()

	pool, err := pgxpool.New(ctx, server.URL())
	if err != nil {
		log.Print(err)
		return
	}
	defer pool.Close()
}
