import Link from "next/link";
import Chat from "./chat";

export default function Page() {
  return (
    <>
      <Link href="/away">Toggle</Link>
      <Chat />
    </>
  );
}
