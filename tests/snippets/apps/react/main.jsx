import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import Inline from "./inline/Chat.jsx";
import Api from "./none/Chat.jsx";
import Popup from "./popup/Chat.jsx";

const Chat = { "/popup": Popup, "/inline": Inline, "/none": Api }[location.pathname];

function App() {
  const [shown, show] = useState(true);
  return (
    <>
      <button onClick={() => show(!shown)}>Toggle</button>
      {shown && <Chat />}
    </>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
