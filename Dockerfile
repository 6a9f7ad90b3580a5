# One program and the shared objects it needs, nothing else: no shell, no package manager, not root.
#
#   docker build -t chancery .
#   docker run --network host -v chancery:/data chancery
#
# The program listens on loopback and refuses any other address while it has no keys; so it shares the host's network, or
# the network namespace of the container that asks it (--network container:NAME).

FROM swift:6.3-bookworm AS build
WORKDIR /src
COPY script/bootstrap script/bootstrap
RUN script/bootstrap --build
COPY . .
RUN swift build -c release --product chancery && strip -o /chancery .build/release/chancery

# The closure of shared objects, the loader among them, each where the loader looks for it.
RUN mkdir -p /image/data /image/tmp && chmod 1777 /image/tmp && chown 10001:10001 /image/data \
 && cp /chancery /image/ \
 && ldd /chancery | grep -o '/[^ ]*' | xargs cp -L --parents -t /image

FROM scratch
COPY --from=build /image /
USER 10001:10001
# A shared object that was forgotten shows here, not at the first start.
RUN ["/chancery", "version"]
WORKDIR /data
VOLUME /data
# Every command, not only `serve`, finds the database: docker exec … /chancery migrate status
ENV CHANCERY_DATABASE_PATH=/data/chancery.db
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s CMD ["/chancery", "healthcheck"]
ENTRYPOINT ["/chancery"]
CMD ["serve"]
