const list = document.querySelector('ul');
const said = document.querySelector('[role=status]');

async function show() {
  const pets = await (await fetch('/api/pets')).json();
  list.replaceChildren(...pets.map((pet) => Object.assign(document.createElement('li'), { textContent: pet.name })));
}

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get('name');
  const answer = await fetch('/api/pets', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  said.textContent = answer.ok ? `${name} is in` : 'Try again later';
  await show();
});

await show();
