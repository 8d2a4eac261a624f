// The floor of `make bench-chat`: Socket.IO for Node.js, which passes on what it is told to all.
const { Server } = require("socket.io");
const io = new Server({ transports: ["websocket"], perMessageDeflate: false });
io.of("/chat").on("connection", (socket) => {
  socket.join("all");
  socket.on("say", (text, done) => {
    io.of("/chat").to("all").emit("ev", text);
    done();
  });
});
io.listen(Number(process.env.BENCH_PORT));
