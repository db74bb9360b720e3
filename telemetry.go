package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"fuyan/observe"
)

// flushWithin is how long the last spans and counts may take to go out.
const flushWithin = 3 * time.Second

// collected reports whether OTEL_… names somebody who collects TRACES or METRICS.
func collected(signal string) bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		return false
	}
	if exporter := os.Getenv("OTEL_" + signal + "_EXPORTER"); exporter != "" {
		return exporter != "none"
	}
	return cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT")) != ""
}

// exports sets up what the environment asks for, and nothing where it asks for
// nothing. What it returns with it sends the last that there is.
func exports(ctx context.Context, log *slog.Logger) (out observe.Exports, flush func(), err error) {
	ends := []func(context.Context) error{}
	flush = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
		defer cancel()
		var err error
		for _, end := range ends {
			err = errors.Join(err, end(ctx))
		}
		if err != nil {
			log.WarnContext(ctx, "telemetry lost", "error", err)
		}
	}
	if !collected("TRACES") && !collected("METRICS") {
		return out, flush, nil
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("telemetry", "error", err) }))
	is, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "fuyan")),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return out, flush, usage("OTEL_RESOURCE_ATTRIBUTES: %v", err)
	}
	if collected("TRACES") {
		to, err := autoexport.NewSpanExporter(ctx)
		if err != nil {
			return out, flush, usage("OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_…: %v", err)
		}
		traces := sdktrace.NewTracerProvider(sdktrace.WithBatcher(to), sdktrace.WithResource(is))
		out.Traces, ends = traces, append(ends, traces.Shutdown)
	}
	if collected("METRICS") {
		to, err := autoexport.NewMetricReader(ctx)
		if err != nil {
			return out, flush, usage("OTEL_METRICS_EXPORTER, OTEL_EXPORTER_OTLP_…: %v", err)
		}
		meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(to), sdkmetric.WithResource(is))
		out.Meters, ends = meters, append(ends, meters.Shutdown)
	}
	return out, flush, nil
}
