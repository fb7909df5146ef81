import Link from "next/link";
import Chat from "../../components/popup/Chat";

export default function Page() {
  return (
    <>
      <Link href="/old/away">Toggle</Link>
      <Chat />
    </>
  );
}
