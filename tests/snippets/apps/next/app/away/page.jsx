export default function Page() {
  return <p>Away</p>;
}
